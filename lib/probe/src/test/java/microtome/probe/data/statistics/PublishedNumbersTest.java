package microtome.probe.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * The table of the Trajectory Geometry paper's repository: normalised lengths of the paths of 10 prompts each through GPT-2,
 * printed with four decimals, and the tests between groups.
 */
class PublishedNumbersTest {
    private static final double[] ANIMAL = {
        3.0041, 3.6990, 3.2751, 3.5117, 2.9679, 3.3688, 3.2944, 3.3413, 3.4259, 3.4931
    };
    private static final double[] VEHICLE = {
        3.0076, 3.2894, 3.0060, 2.9853, 3.0018, 3.4024, 3.5410, 3.2386, 3.3538, 3.2918
    };
    private static final double[] REASONING = {
        3.6547, 3.7081, 3.5531, 3.7381, 3.6837, 3.6599, 3.8374, 3.8146, 3.8869, 3.7510
    };

    @Test
    void groupsDifferAsPublished() {
        var animal = MannWhitney.of(ANIMAL, REASONING);
        assertThat(animal.u1()).isEqualTo(4);
        assertThat(animal.p()).isCloseTo(5.828e-4, within(5e-8)); // as many digits as are printed
        var vehicle = MannWhitney.of(VEHICLE, REASONING);
        assertThat(vehicle.u1()).isZero();
        assertThat(vehicle.rankBiserial()).isEqualTo(-1);
        assertThat(vehicle.p()).isCloseTo(1.827e-4, within(5e-8));
        var both = MannWhitney.of(ANIMAL, VEHICLE);
        assertThat(both.u1()).isEqualTo(66);
        assertThat(both.p()).isCloseTo(0.2413, within(5e-5));
    }

    @Test
    void effectSizesAreAsPublished() {
        // printed with four decimals, so half of the last one, and as much again from that of the lengths
        assertThat(CohensD.of(ANIMAL, REASONING).value()).isCloseTo(-2.2640, within(1e-4));
        assertThat(CohensD.of(VEHICLE, REASONING).value()).isCloseTo(-3.2851, within(1e-4));
    }

    @Test
    void correctedValuesAreAsPublished() {
        double[] holm = Correction.HOLM.adjust(
                MannWhitney.of(ANIMAL, REASONING).p(),
                MannWhitney.of(VEHICLE, REASONING).p(),
                MannWhitney.of(ANIMAL, VEHICLE).p());
        assertThat(holm[0]).isCloseTo(1.166e-3, within(5e-7));
        assertThat(holm[1]).isCloseTo(5.48e-4, within(5e-7));
        assertThat(holm[2]).isCloseTo(0.2413, within(5e-5));
    }

    @Test
    void effectSizesAgreeWithTheirFormula() {
        // numpy: (mean(x) - mean(y)) / sqrt(((n1-1) var(x, ddof=1) + (n2-1) var(y, ddof=1)) / (n1+n2-2))
        assertThat(CohensD.of(ANIMAL, REASONING).value()).isCloseTo(-2.2639479707231525, within(1e-11));
        assertThat(CohensD.of(VEHICLE, REASONING).value()).isCloseTo(-3.2851819272470957, within(1e-11));
        assertThat(CohensD.of(ANIMAL, VEHICLE).value()).isCloseTo(0.5975087450168779, within(1e-11));
    }
}
