package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TicksTest {
    @Test
    void areRoundNumbersInsideTheRange() {
        assertThat(Ticks.linear(new Range(-0.04, 1.03), 6).labels())
                .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(Ticks.linear(new Range(0, 1), 4).labels()).containsExactly("0.00", "0.25", "0.50", "0.75", "1.00");
        assertThat(Ticks.linear(new Range(-3, 12), 5).labels()).containsExactly("0", "5", "10");
    }

    @Test
    void logarithmicOnesArePowersOfTen() {
        assertThat(Ticks.logarithmic(new Range(0.002, 30000), 8).labels())
                .containsExactly("0.01", "0.1", "1", "10", "100", "1000", "10000");
        assertThat(Ticks.logarithmic(new Range(1.5, 40), 6).labels()).containsExactly("2", "5", "10", "20");
    }

    @Test
    void areFewAndDistinctForAnyRange() {
        var random = new Random(3);
        for (int trial = 0; trial < 10_000; trial++) {
            var low = random.nextGaussian() * Math.pow(10, random.nextInt(-12, 13));
            var range = new Range(low, low + Math.abs(low) * Math.pow(10, random.nextInt(-3, 4)) + 1e-13);
            var ticks = Ticks.linear(range, 6);
            assertThat(ticks.values()).hasSizeBetween(1, 13);
            assertThat(ticks.labels()).as("%s", range).doesNotHaveDuplicates();
        }
    }
}
