package microtome.probe.data.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Numbers without those that do not exist. */
final class Defined {
    private Defined() {}

    /** The numbers that are not NaN, in order. */
    static double[] of(double[] numbers) {
        return Arrays.stream(numbers).filter(number -> !Double.isNaN(number)).toArray();
    }

    static double mean(double[] numbers) {
        return DoubleStream.of(numbers).average().orElse(Double.NaN);
    }

    static boolean isConstant(double[] numbers) {
        for (double number : numbers) {
            if (number != numbers[0]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Two columns, without the rows in which one of them is NaN.
     *
     * @param leftOut how many rows those were
     */
    record Pairs(double[] first, double[] second, int leftOut) {
        static Pairs of(double[] first, double[] second, String measure) {
            if (first.length != second.length) {
                throw new IllegalArgumentException("%s pairs numbers: got %d and %d; give equally many"
                        .formatted(measure, first.length, second.length));
            }
            int[] rows = IntStream.range(0, first.length)
                    .filter(row -> !Double.isNaN(first[row]) && !Double.isNaN(second[row]))
                    .toArray();
            return new Pairs(
                    Arrays.stream(rows).mapToDouble(row -> first[row]).toArray(),
                    Arrays.stream(rows).mapToDouble(row -> second[row]).toArray(),
                    first.length - rows.length);
        }

        int n() {
            return first.length;
        }
    }
}
