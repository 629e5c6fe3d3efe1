package microtome.cli.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Wall-clock times of one contender, in the order they were measured.
 *
 * @param contender who
 * @param seconds at least one time
 */
public record Timings(String contender, double[] seconds) {
    public Timings {
        if (seconds.length == 0) {
            throw new IllegalArgumentException(contender + ": no times; a benchmark needs at least one round");
        }
    }

    double median() {
        double[] sorted = DoubleStream.of(seconds).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double minimum() {
        return Arrays.stream(seconds).min().orElseThrow();
    }

    /** The medians of equally many rounds in a row. */
    double[] medians(int rounds) {
        int each = seconds.length / rounds;
        return IntStream.range(0, rounds)
                .mapToDouble(round ->
                        new Timings(contender, Arrays.copyOfRange(seconds, round * each, (round + 1) * each)).median())
                .toArray();
    }

    /** How many times faster the other is slower: above 1 this one is the faster. */
    double speedOver(Timings other) {
        return other.median() / median();
    }
}
