package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestDistancesTest {
    /** Around one block, some blocks, and an uneven end. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 127, 128, 129, 257, 700})
    void areThoseOfAllPairs(int count) {
        double[][] rows = States.normal(count, 7, count);
        int k = Math.min(5, count - 1);
        double[][] nearest = NearestDistances.of(rows, k);
        for (int row = 0; row < count; row++) {
            int own = row;
            double[] all = IntStream.range(0, count)
                    .filter(other -> other != own)
                    .mapToDouble(other -> distance(rows[own], rows[other]))
                    .sorted()
                    .toArray();
            assertThat(nearest[row]).containsExactly(Arrays.copyOf(all, k));
        }
    }

    @Test
    void nearStatesFarFromZeroKeepTheirDistance() {
        double[][] rows = {{1e8, 0}, {1e8, 1e-3}, {1e8, 5}};
        assertThat(NearestDistances.of(rows, 1)[0][0]).isEqualTo(1e-3);
    }

    @Test
    void anInterruptStopsWithinASecond() {
        double[][] rows = States.normal(20_000, 300, 1);
        Thread.currentThread().interrupt();
        long started = System.nanoTime();
        assertThatThrownBy(() -> NearestDistances.of(rows, 2)).isInstanceOf(InterruptedWorkException.class);
        assertThat((System.nanoTime() - started) / 1e9).isLessThan(1);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static double distance(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return Math.sqrt(sum);
    }
}
