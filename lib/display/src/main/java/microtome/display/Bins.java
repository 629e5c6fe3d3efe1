package microtome.display;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Equally wide intervals in a row. Each holds its lower edge; the last one holds its upper edge too.
 *
 * @param low the lower edge of the first
 * @param high the upper edge of the last
 * @param count at least one
 */
record Bins(double low, double high, int count) {
    static final int MOST = 1_000;

    private static final int MOST_WHOLE = 60;
    private static final int FEWEST_CHOSEN = 5;
    private static final int MOST_CHOSEN = 60;

    /** Bins for the finite values of all groups; {@code range} may be null and {@code wanted} zero, to be chosen. */
    static Bins of(List<double[]> groups, Range range, int wanted) {
        var values = groups.stream()
                .flatMapToDouble(DoubleStream::of)
                .filter(Double::isFinite)
                .filter(value -> range == null || range.contains(value))
                .sorted()
                .toArray();
        var whole = values.length > 0 && DoubleStream.of(values).allMatch(value -> value == Math.rint(value));
        if (whole && range == null && wanted == 0 && values[values.length - 1] - values[0] < MOST_WHOLE) {
            var first = values[0];
            var last = values[values.length - 1];
            return new Bins(first - 0.5, last + 0.5, (int) (last - first) + 1);
        }
        var over = range == null ? Range.of(List.of(values)) : range;
        return new Bins(over.low(), over.high(), wanted > 0 ? wanted : chosen(values, over));
    }

    double width() {
        return high / count - low / count;
    }

    double edge(int index) {
        return index == count ? high : low + index * width();
    }

    double middle(int bin) {
        return edge(bin) / 2 + edge(bin + 1) / 2;
    }

    /** How many of {@code values} are in each. */
    double[] counts(double[] values) {
        var counts = new double[count];
        for (var value : values) {
            if (value >= low && value <= high) {
                counts[Math.min(count - 1, (int) ((value - low) / width()))]++;
            }
        }
        return counts;
    }

    /** Values that are in none. */
    int outside(double[] values) {
        return (int) Arrays.stream(values)
                .filter(value -> !(value >= low && value <= high))
                .count();
    }

    /** The number of bins of width 2 IQR / n^(1/3) (Freedman and Diaconis 1981). */
    private static int chosen(double[] sorted, Range over) {
        if (sorted.length < 2) {
            return FEWEST_CHOSEN;
        }
        var spread = sorted[(sorted.length * 3 - 1) / 4] - sorted[sorted.length / 4];
        var bins = (over.high() - over.low()) / (2 * spread / Math.cbrt(sorted.length));
        return (int) Math.clamp(Double.isNaN(bins) ? FEWEST_CHOSEN : Math.ceil(bins), FEWEST_CHOSEN, MOST_CHOSEN);
    }
}
