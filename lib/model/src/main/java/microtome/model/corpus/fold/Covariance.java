package microtome.model.corpus.fold;

import java.nio.file.Path;
import microtome.tensor.Moments;
import microtome.tensor.Shape;

/**
 * Count, mean and covariance of all features.
 *
 * @param count rows
 * @param mean of every feature
 * @param scatter sums of products of two features, each minus its mean
 * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub and LeVeque 1983</a>
 */
public record Covariance(long count, double[] mean, double[][] scatter) {
    private static final String KIND = "covariance";

    /** Number of features. */
    public int features() {
        return mean.length;
    }

    /** The covariances, with {@code count - 1} degrees of freedom; NaN for fewer than two rows. */
    public double[][] matrix() {
        return summary().covariance();
    }

    /** The correlations; NaN where a feature does not vary. */
    public double[][] correlation() {
        var result = new double[features()][features()];
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < result.length; j++) {
                result[i][j] = scatter[i][j] / Math.sqrt(scatter[i][i] * scatter[j][j]);
            }
        }
        return result;
    }

    /** Sums of products that are not centred. */
    public Gram gram() {
        return new Gram(count, summary().gram());
    }

    /** Those of both sets of rows together. */
    public Covariance and(Covariance other) {
        Moments.Summary joined = summary().and(other.summary());
        return new Covariance(joined.count(), joined.mean(), joined.scatter());
    }

    private Moments.Summary summary() {
        return new Moments.Summary(count, mean, scatter);
    }

    /** Writes a safetensors file. */
    public void save(Path file) {
        ResultFile.of(KIND)
                .put("count", new long[] {count}, Shape.of(1))
                .put("mean", mean, Shape.of(mean.length))
                .put("scatter", scatter)
                .write(file);
    }

    /** Reads what {@link #save} wrote. */
    public static Covariance load(Path file) {
        try (var stored = ResultFile.open(file, KIND)) {
            return new Covariance(stored.longs("count")[0], stored.doubles("mean"), stored.matrix("scatter"));
        }
    }

    @Override
    public String toString() {
        return "covariance of %,d rows of %,d features".formatted(count, features());
    }
}
