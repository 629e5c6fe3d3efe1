package microtome.model.corpus.fold;

import java.nio.file.Path;
import java.util.Arrays;
import microtome.tensor.Shape;

/**
 * Count, mean and spread of every feature.
 *
 * @param count rows
 * @param mean of every feature
 * @param squares sums of squared distances from the mean
 * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub and LeVeque 1983</a>
 */
public record ColumnMoments(long count, double[] mean, double[] squares) {
    private static final String KIND = "column moments";

    public ColumnMoments {
        if (mean.length != squares.length) {
            throw new IllegalArgumentException("moments: %d means and %d sums of squares; need one each per feature"
                    .formatted(mean.length, squares.length));
        }
    }

    /** Of no rows. */
    public static ColumnMoments none(int features) {
        return new ColumnMoments(0, new double[features], new double[features]);
    }

    /** Number of features. */
    public int features() {
        return mean.length;
    }

    /** The variances, with {@code count - 1} degrees of freedom; NaN for fewer than two rows. */
    public double[] variance() {
        return Arrays.stream(squares)
                .map(sum -> count < 2 ? Double.NaN : sum / (count - 1))
                .toArray();
    }

    /** The moments of both sets of rows together. */
    public ColumnMoments and(ColumnMoments other) {
        if (other.features() != features()) {
            throw new IllegalArgumentException(
                    "moments: %d features and %d features do not belong together; merge results of one site"
                            .formatted(features(), other.features()));
        }
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        long total = count + other.count;
        double share = (double) other.count / total;
        var joined = new double[mean.length];
        var sums = new double[mean.length];
        for (int i = 0; i < joined.length; i++) {
            double way = other.mean[i] - mean[i];
            joined[i] = mean[i] + way * share;
            sums[i] = squares[i] + other.squares[i] + way * way * (count * share);
        }
        return new ColumnMoments(total, joined, sums);
    }

    /** Writes a safetensors file. */
    public void save(Path file) {
        ResultFile.of(KIND)
                .put("count", new long[] {count}, Shape.of(1))
                .put("mean", mean, Shape.of(mean.length))
                .put("squares", squares, Shape.of(squares.length))
                .write(file);
    }

    /** Reads what {@link #save} wrote. */
    public static ColumnMoments load(Path file) {
        try (var stored = ResultFile.open(file, KIND)) {
            return new ColumnMoments(stored.longs("count")[0], stored.doubles("mean"), stored.doubles("squares"));
        }
    }

    @Override
    public String toString() {
        return "moments of %,d rows of %,d features".formatted(count, features());
    }
}
