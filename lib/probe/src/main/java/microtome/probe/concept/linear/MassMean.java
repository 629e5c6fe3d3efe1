package microtome.probe.concept.linear;

import java.util.Comparator;
import java.util.stream.IntStream;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Probes whose direction is the difference of the classes' means. The bias puts the border halfway between the means, so that
 * activations need not be centred first. More than two classes: the nearest mean.
 *
 * @see <a href="https://arxiv.org/abs/2310.06824">Marks and Tegmark 2023</a>
 */
public final class MassMean {
    /** Directions in which the samples vary less than this count as not varying. */
    private static final double LEAST_VARIANCE = 1e-3;

    private MassMean() {}

    /**
     * The difference of the means itself.
     *
     * @throws IllegalArgumentException if a class has no sample, or there is one class only
     */
    public static LinearProbe plain(Samples samples) {
        samples.requireEveryClass("mass-mean");
        double[][] means = samples.means();
        var biases = new double[means.length];
        for (int each = 0; each < means.length; each++) {
            biases[each] = -Vectors.dot(means[each], means[each]) / 2;
        }
        return LinearProbe.ofEachClass(samples.names(), means, biases);
    }

    /**
     * The difference of the means after the covariance within classes (divided by n) is undone, by a pseudo-inverse that leaves
     * out eigenvalues below 1e-3; which is discriminant analysis without shrinkage.
     *
     * @throws IllegalArgumentException if a class has no sample, or there is one class only
     */
    public static LinearProbe whitened(Samples samples) {
        samples.requireEveryClass("mass-mean");
        double[][] means = samples.means();
        double[][] residuals = Within.residuals(samples, means);
        var weights = new double[means.length][];
        var inverse = PseudoInverse.of(residuals, samples.size(), LEAST_VARIANCE);
        for (int each = 0; each < means.length; each++) {
            weights[each] = inverse.times(means[each]);
        }
        return Within.probe(samples, means, weights);
    }

    /** The features in the order of how far the means of two classes are apart, the farthest first. */
    public static int[] ranking(Samples samples) {
        double[] direction = plain(samples).weights()[0];
        return IntStream.range(0, direction.length)
                .boxed()
                .sorted(Comparator.comparingDouble(feature -> -Math.abs(direction[feature])))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The pseudo-inverse of {@code X' X / n}, from the eigenvectors of the smaller of {@code X' X} and {@code X X'}. */
    private record PseudoInverse(double[][] vectors, double[] inverses) {
        static PseudoInverse of(double[][] rows, double n, double least) {
            boolean isWide = rows.length < rows[0].length;
            var matrix = new DMatrixRMaj(isWide ? Within.outer(rows) : Within.inner(rows));
            var found = DecompositionFactory_DDRM.eig(matrix.numRows, true, true);
            if (!found.decompose(matrix)) {
                throw new ArithmeticException("the eigenvalues of the covariance within classes were not found");
            }
            int count = found.getNumberOfEigenvalues();
            var kept = IntStream.range(0, count)
                    .filter(i -> found.getEigenvalue(i).getReal() / n >= least)
                    .toArray();
            var vectors = new double[kept.length][];
            var inverses = new double[kept.length];
            for (int i = 0; i < kept.length; i++) {
                double value = found.getEigenvalue(kept[i]).getReal();
                double[] vector = found.getEigenVector(kept[i]).data;
                vectors[i] = isWide ? Within.combined(rows, vector) : vector;
                inverses[i] = isWide ? n / (value * value) : n / value;
            }
            return new PseudoInverse(vectors, inverses);
        }

        double[] times(double[] right) {
            var product = new double[right.length];
            for (int i = 0; i < vectors.length; i++) {
                Additions.add(inverses[i] * Vectors.dot(vectors[i], right), vectors[i], product);
            }
            return product;
        }
    }
}
