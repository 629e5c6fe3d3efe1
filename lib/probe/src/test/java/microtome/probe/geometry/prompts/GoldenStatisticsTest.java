package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import microtome.probe.data.statistics.Correction;
import microtome.probe.data.statistics.MannWhitney;
import org.junit.jupiter.api.Test;

/**
 * The published lengths on the unit sphere of ten prompts of each of three classes through GPT-2, rounded to four places, and
 * what the paper's repository computed from the unrounded ones: ranks are not changed by the rounding, means by up to 5e-5.
 */
class GoldenStatisticsTest {
    private static final double[] ANIMAL = {
        3.0041, 3.6990, 3.2751, 3.5117, 2.9679, 3.3688, 3.2944, 3.3413, 3.4259, 3.4931
    };
    private static final double[] VEHICLE = {
        3.0076, 3.2894, 3.0060, 2.9853, 3.0018, 3.4024, 3.5410, 3.2386, 3.3538, 3.2918
    };
    private static final double[] REASONING = {
        3.6547, 3.7081, 3.5531, 3.7381, 3.6837, 3.6599, 3.8374, 3.8146, 3.8869, 3.7510
    };

    private static final Sample SAMPLE = new Sample(
            List.of(MadeUp.labels(10, "animal", "vehicle", "reasoning")),
            List.of(MadeUp.labels(10, "animal", "vehicle", "reasoning")));
    private static final double[] LENGTHS = Stream.of(ANIMAL, VEHICLE, REASONING)
            .flatMapToDouble(DoubleStream::of)
            .toArray();

    @Test
    void theChainOfTestsGivesTheRepositorysTable() {
        List<GroupComparison.Pair> pairs = GroupComparison.pairs(SAMPLE, LENGTHS, ComparisonOptions.CODE);
        var animalVehicle = pairs.get(0);
        var animalReasoning = pairs.get(1);
        var vehicleReasoning = pairs.get(2);
        assertThat(animalReasoning.test().u1()).isEqualTo(4);
        assertThat(vehicleReasoning.test().u1()).isEqualTo(0);
        assertThat(animalVehicle.test().u1()).isEqualTo(66);
        assertThat(animalReasoning.test().p()).isCloseTo(5.828e-4, within(5e-8));
        assertThat(vehicleReasoning.test().p()).isCloseTo(1.827e-4, within(5e-8));
        assertThat(animalVehicle.test().p()).isCloseTo(0.2413, within(5e-5));
        assertThat(animalReasoning.test().method()).isEqualTo(MannWhitney.Method.NORMAL);
        assertThat(animalReasoning.test().rankBiserial()).isEqualTo(2 * 4 / 100.0 - 1);
        assertThat(animalReasoning.adjusted()).isCloseTo(1.166e-3, within(5e-7));
        assertThat(vehicleReasoning.adjusted()).isCloseTo(5.48e-4, within(5e-7));
        assertThat(animalVehicle.adjusted()).isEqualTo(animalVehicle.test().p());
    }

    /** Both means and the deviation are off by up to 5e-5, and d is about 2 to 3 deviations of 0.17. */
    @Test
    void effectSizesAreTheRepositorys() {
        List<GroupComparison.Pair> pairs = GroupComparison.pairs(SAMPLE, LENGTHS, ComparisonOptions.CODE);
        double rounding = 3 * 5e-5 * (1 + 3.3) / 0.17;
        assertThat(pairs.get(1).effect().value()).isCloseTo(-2.2640, within(rounding));
        assertThat(pairs.get(2).effect().value()).isCloseTo(-3.2851, within(rounding));
    }

    @Test
    void thePaperCorrectsByBenjaminiAndHochberg() {
        List<GroupComparison.Pair> pairs = GroupComparison.pairs(SAMPLE, LENGTHS, ComparisonOptions.PAPER);
        assertThat(ComparisonOptions.PAPER.correction()).isEqualTo(Correction.BENJAMINI_HOCHBERG);
        assertThat(pairs.get(1).adjusted()).isCloseTo(5.828e-4 * 3 / 2, within(1e-7));
        assertThat(pairs.get(2).adjusted()).isCloseTo(1.827e-4 * 3, within(2e-7));
    }

    @Test
    void groupMeansAreThePublishedOnes() {
        Resampling draws = ComparisonOptions.CODE.resampling();
        double[] means = Stream.of("animal", "vehicle", "reasoning")
                .mapToDouble(label -> {
                    double[] members = SAMPLE.of(label, LENGTHS);
                    double[][] rows = Arrays.stream(members)
                            .mapToObj(value -> new double[] {value})
                            .toArray(double[][]::new);
                    return Band.of(label, rows, 1, draws).mean()[0];
                })
                .toArray();
        assertThat(means).containsExactly(new double[] {3.3381, 3.2118, 3.7287}, within(1e-4));
    }

    @Test
    void permutationAgreesThatReasoningIsLonger() {
        List<GroupComparison.Pair> pairs = GroupComparison.pairs(SAMPLE, LENGTHS, ComparisonOptions.CODE);
        assertThat(pairs.get(1).permutation().p()).isLessThan(0.001);
        assertThat(pairs.get(0).permutation().p()).isGreaterThan(0.05);
    }
}
