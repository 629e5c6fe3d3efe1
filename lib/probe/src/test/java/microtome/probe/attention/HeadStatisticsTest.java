package microtome.probe.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HeadStatisticsTest {
    /** Weights are single precision: 6e-8 relative each. */
    private static final Offset<Double> ROUNDING = within(2e-7);

    @Test
    void anEvenPatternHasTheEntropyOfItsKeys() {
        float third = 1 / 3f;
        var statistics = HeadStatistics.of(new float[][] {{1, 0, 0}, {0.5f, 0.5f, 0}, {third, third, third}});
        assertThat(statistics.entropy()).isCloseTo((Math.log(2) + Math.log(3)) / 2, ROUNDING);
        assertThat(statistics.first()).isCloseTo((0.5 + third) / 2, ROUNDING);
        assertThat(statistics.previous()).isCloseTo((0.5 + third) / 2, ROUNDING);
        assertThat(statistics.itself()).isCloseTo((0.5 + third) / 2, ROUNDING);
    }

    @Test
    void tellsAPreviousTokenHeadFromASinkAndFromAMirror() {
        assertThat(HeadStatistics.of(new float[][] {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}}))
                .isEqualTo(new HeadStatistics(0, 0.5, 1, 0));
        assertThat(HeadStatistics.of(new float[][] {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}))
                .isEqualTo(new HeadStatistics(0, 1, 0.5, 0));
        assertThat(HeadStatistics.of(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}))
                .isEqualTo(new HeadStatistics(0, 0, 0, 1));
    }

    @Test
    void isNotDefinedForOneToken() {
        var statistics = HeadStatistics.of(new float[][] {{1}});
        assertThat(statistics.entropy()).isNaN();
        assertThat(statistics.first()).isNaN();
        assertThat(statistics.previous()).isNaN();
        assertThat(statistics.itself()).isNaN();
    }
}
