package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AverageTest {
    @Test
    void leavesOutWhatIsNaNAndCountsIt() {
        assertThat(Average.of(1, Double.NaN, 3)).isEqualTo(new Average(2, 2, 1));
    }

    @Test
    void isNaNAndNotZeroWhenThereIsNothingToAverage() {
        assertThat(Average.of()).isEqualTo(new Average(Double.NaN, 0, 0));
        assertThat(Average.of(Double.NaN)).isEqualTo(new Average(Double.NaN, 0, 1));
    }
}
