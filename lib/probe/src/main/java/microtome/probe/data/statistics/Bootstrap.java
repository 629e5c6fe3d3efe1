package microtome.probe.data.statistics;

import java.util.SplittableRandom;
import microtome.display.Progress;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * A mean and the interval in which means of resamples lie, as percentiles. NaN is left out.
 *
 * @param mean of the numbers, or NaN
 * @param low the lower end, or NaN
 * @param high the upper end, or NaN
 * @param level the share of resampled means between the ends, such as 0.95
 * @param n numbers that were used
 * @param leftOut how many were NaN
 * @param resamples how often {@code n} numbers were drawn with replacement
 * @param seed of the draws
 * @param reason why there is no interval, or empty
 * @see <a href="https://doi.org/10.1214/aos/1176344552">Efron 1979</a>
 */
public record Bootstrap(
        double mean,
        double low,
        double high,
        double level,
        int n,
        int leftOut,
        int resamples,
        long seed,
        String reason) {
    /**
     * How to draw.
     *
     * @param level the share of resampled means between the ends, between 0 and 1
     * @param resamples at least 1
     * @param seed of the draws
     */
    public record Options(double level, int resamples, long seed) {
        /** 95 %, 1,000 resamples, seed 42. */
        public static final Options DEFAULT = new Options(0.95, 1_000, 42);

        /** Checks the numbers. */
        public Options {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException(
                        "bootstrap with level %s: need a share between 0 and 1, such as 0.95".formatted(level));
            }
            if (resamples < 1) {
                throw new IllegalArgumentException(
                        "bootstrap with %d resamples: need at least 1, such as 1000".formatted(resamples));
            }
        }

        /** These options with another number of resamples. */
        public Options resamples(int count) {
            return new Options(level, count, seed);
        }

        /** These options with another seed. */
        public Options seed(long other) {
            return new Options(level, resamples, other);
        }
    }

    /** The mean with its interval, by the default options. */
    public static Bootstrap ofMean(double... numbers) {
        return ofMean(numbers, Options.DEFAULT);
    }

    /** The mean with its interval; a single number has a mean and no interval. */
    public static Bootstrap ofMean(double[] numbers, Options options) {
        double[] defined = Defined.of(numbers);
        double low = Double.NaN;
        double high = Double.NaN;
        String reason = "";
        if (defined.length < 2) {
            reason = "an interval needs at least 2 numbers, there %s"
                    .formatted(defined.length == 1 ? "is 1" : "are none");
        } else {
            double tail = (1 - options.level()) / 2;
            double[] ends = Quantile.withDefaults()
                    .with(Quantile.EstimationMethod.HF7)
                    .evaluate(means(defined, options), tail, 1 - tail);
            low = ends[0];
            high = ends[1];
        }
        return new Bootstrap(
                Defined.mean(defined),
                low,
                high,
                options.level(),
                defined.length,
                numbers.length - defined.length,
                options.resamples(),
                options.seed(),
                reason);
    }

    private static double[] means(double[] numbers, Options options) {
        var random = new SplittableRandom(options.seed());
        var means = new double[options.resamples()];
        for (int resample = 0; resample < means.length; resample++) {
            Progress.stopIfInterrupted("bootstrap");
            double sum = 0;
            for (int draw = 0; draw < numbers.length; draw++) {
                sum += numbers[random.nextInt(numbers.length)];
            }
            means[resample] = sum / numbers.length;
        }
        return means;
    }
}
