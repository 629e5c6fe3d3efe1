package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingsTest {
    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(timings(4, 1, 9).median()).isEqualTo(4);
        assertThat(timings(4, 1, 9, 6).median()).isEqualTo(5);
        assertThat(timings(4, 1, 9).minimum()).isEqualTo(1);
    }

    @Test
    void aRatioAboveOneMeansThatWeAreFaster() {
        assertThat(timings(1).speedOver(timings(1.5))).isEqualTo(1.5);
    }

    private static Timings timings(double... seconds) {
        return new Timings("x", seconds);
    }
}
