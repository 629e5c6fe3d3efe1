package microtome.probe.data;

import java.util.Arrays;

/**
 * A mean over the numbers that exist.
 *
 * @param value the mean, or NaN when there was nothing to average
 * @param n how many numbers were averaged
 * @param leftOut how many were NaN and therefore left out
 */
public record Average(double value, int n, int leftOut) {
    /** The mean of everything that is not NaN. */
    public static Average of(double... numbers) {
        var defined =
                Arrays.stream(numbers).filter(number -> !Double.isNaN(number)).summaryStatistics();
        int n = Math.toIntExact(defined.getCount());
        return new Average(n == 0 ? Double.NaN : defined.getAverage(), n, numbers.length - n);
    }
}
