package microtome.probe.depth;

import java.util.Arrays;

/**
 * One quantity of one block over all positions that count.
 *
 * @param mean or NaN when there was nothing to average
 * @param median or NaN
 * @param maximum or NaN
 * @param n how many positions had a number
 * @param leftOut how many had none, such as a cosine with a vector of length 0
 */
public record Spread(double mean, double median, double maximum, int n, int leftOut) {
    /** The spread of everything that is not NaN. */
    public static Spread of(double... numbers) {
        double[] sorted = Arrays.stream(numbers)
                .filter(number -> !Double.isNaN(number))
                .sorted()
                .toArray();
        int n = sorted.length;
        if (n == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0, numbers.length);
        }
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return new Spread(Arrays.stream(sorted).average().orElseThrow(), median, sorted[n - 1], n, numbers.length - n);
    }
}
