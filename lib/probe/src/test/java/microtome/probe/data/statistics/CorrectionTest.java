package microtome.probe.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrectionTest {
    private static final double[] P = {0.01, 0.04, 0.03, 0.005, 0.8, 0.04};

    @Test
    void holmMultipliesByTheTestsThatAreLeft() {
        // 0.005·6, 0.01·5, 0.03·4, then max(0.12, 0.04·3) twice, then 0.8·1
        assertClose(Correction.HOLM.adjust(P), 0.05, 0.12, 0.12, 0.03, 0.8, 0.12);
    }

    @Test
    void benjaminiHochbergAgreesWithScipy() {
        // scipy.stats.false_discovery_control(p, method="bh") of scipy 1.17.1
        assertClose(Correction.BENJAMINI_HOCHBERG.adjust(P), 0.03, 0.048, 0.048, 0.03, 0.8, 0.048);
    }

    @Test
    void oneTestNeedsNoCorrection() {
        for (Correction correction : Correction.values()) {
            assertThat(correction.adjust(0.03)).containsExactly(0.03);
            assertThat(correction.adjust()).isEmpty();
        }
    }

    @Test
    void correctedValuesNeitherExceedOneNorFallBelowThoseGiven() {
        double[] p = {0.9, 0.6, 0.7, 0.2};
        for (Correction correction : Correction.values()) {
            double[] adjusted = correction.adjust(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(adjusted[i]).isBetween(p[i], 1.0);
            }
        }
    }

    @Test
    void whatIsNotANumberIsNoTest() {
        double[] adjusted = Correction.HOLM.adjust(Double.NaN, 0.01, 0.02);
        assertThat(adjusted[0]).isNaN();
        assertThat(adjusted[1]).isEqualTo(0.02);
        assertThat(adjusted[2]).isEqualTo(0.02);
    }

    @Test
    void whatIsNoProbabilityIsAnError() {
        assertThatThrownBy(() -> Correction.HOLM.adjust(0.5, 1.5))
                .hasMessage("p-value 1 is 1.5: p-values lie between 0 and 1");
        assertThatThrownBy(() -> Correction.NONE.adjust(-0.5)).hasMessageContaining("p-value 0 is -0.5");
    }

    private static void assertClose(double[] found, double... expected) {
        assertThat(found).containsExactly(expected, within(1e-15));
    }
}
