package microtome.probe.concept.linear;

import java.util.Arrays;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Linear discriminant analysis: the direction that separates the means best against the covariance within classes, whose
 * denominator is samples less classes.
 */
public final class DiscriminantAnalysis {
    private DiscriminantAnalysis() {}

    /**
     * The probe {@code inverse(S) mean} of every class, with biases that know how frequent the classes are.
     *
     * @throws IllegalArgumentException if a class has no sample, there is one class only, or the covariance is singular
     */
    public static LinearProbe fit(Samples samples, Shrinkage shrinkage) {
        samples.requireEveryClass("discriminant analysis");
        double[][] means = samples.means();
        var covariance = Covariance.of(samples, means, shrinkage);
        var weights = new double[means.length][];
        for (int each = 0; each < means.length; each++) {
            weights[each] = covariance.solve(means[each]);
        }
        return Within.probe(samples, means, weights);
    }

    /**
     * The directions that separate several classes best, at most one less than there are classes, best first: eigenvectors of
     * {@code inverse(S within) S between}, of variance 1 within classes.
     *
     * @return {@code [axes][width]}
     * @throws IllegalArgumentException as {@link #fit}
     */
    public static double[][] axes(Samples samples, Shrinkage shrinkage) {
        samples.requireEveryClass("discriminant analysis");
        double[][] means = samples.means();
        var covariance = Covariance.of(samples, means, shrinkage);
        int[] counts = samples.counts();
        var whole = new double[samples.width()];
        for (int each = 0; each < means.length; each++) {
            Additions.add((double) counts[each] / samples.size(), means[each], whole);
        }
        var away = new double[means.length][];
        var solved = new double[means.length][];
        for (int each = 0; each < means.length; each++) {
            away[each] = Additions.times(Math.sqrt(counts[each]), Vectors.minus(means[each], whole));
            solved[each] = covariance.solve(away[each]);
        }
        return axes(away, solved);
    }

    /** The between-class matrix is {@code A' A} with few rows A: its eigenvectors come from the small {@code A inverse(S) A'}. */
    private static double[][] axes(double[][] away, double[][] solved) {
        int classes = away.length;
        var small = new DMatrixRMaj(classes, classes);
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                small.set(i, j, (Vectors.dot(away[i], solved[j]) + Vectors.dot(away[j], solved[i])) / 2);
            }
        }
        var found = DecompositionFactory_DDRM.eig(classes, true, true);
        if (!found.decompose(small)) {
            throw new ArithmeticException("the axes between classes were not found");
        }
        Integer[] order = new Integer[classes];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (i, j) -> Double.compare(
                        found.getEigenvalue(j).getReal(), found.getEigenvalue(i).getReal()));
        int count = Math.min(classes - 1, away[0].length);
        var axes = new double[count][];
        for (int axis = 0; axis < count; axis++) {
            double value = found.getEigenvalue(order[axis]).getReal();
            double[] mixed = Within.combined(solved, found.getEigenVector(order[axis]).data);
            axes[axis] = Additions.times(1 / Math.sqrt(value), mixed);
        }
        return axes;
    }

    /**
     * The share by which Ledoit and Wolf draw the covariance within classes towards a multiple of the identity.
     *
     * @throws IllegalArgumentException if a class has no sample, or there is one class only
     */
    public static double ledoitWolf(Samples samples) {
        samples.requireEveryClass("discriminant analysis");
        return Covariance.share(Within.residuals(samples, samples.means()));
    }

    /** {@code scale · X' X + ridge · I}, ready to be solved with: in the features, or in the samples where they are fewer. */
    private record Covariance(double[][] rows, double scale, double ridge, Cholesky factor) {

        static Covariance of(Samples samples, double[][] means, Shrinkage shrinkage) {
            double[][] rows = Within.residuals(samples, means);
            int freedom = samples.size() - samples.names().size();
            if (freedom < 1) {
                throw new IllegalArgumentException(
                        "discriminant analysis of %d samples of %d classes: need more samples than classes"
                                .formatted(samples.size(), samples.names().size()));
            }
            double variance = squares(rows) / freedom / samples.width();
            return switch (shrinkage) {
                case Shrinkage.Fixed(double share) -> of(rows, 1.0 / freedom, share * variance);
                case Shrinkage.LedoitWolf _ -> {
                    double share = share(rows);
                    yield of(rows, (1 - share) / freedom, share * variance);
                }
            };
        }

        private static Covariance of(double[][] rows, double scale, double ridge) {
            boolean isWide = rows.length < rows[0].length && ridge > 0 && scale > 0;
            double[][] matrix = isWide ? Within.outer(rows) : Within.inner(rows);
            for (int i = 0; i < matrix.length; i++) {
                if (!isWide) {
                    for (int j = 0; j < matrix.length; j++) {
                        matrix[i][j] *= scale;
                    }
                }
                matrix[i][i] += isWide ? ridge / scale : ridge;
            }
            double largest = 0;
            for (int i = 0; i < matrix.length; i++) {
                largest = Math.max(largest, matrix[i][i]);
            }
            Cholesky factor = Cholesky.of(matrix);
            if (factor == null || factor.least() <= largest * 1e-13) {
                throw new IllegalArgumentException(
                        "discriminant analysis: %d samples of %d features have a singular covariance within classes; give a shrinkage, such as Shrinkage.LEDOIT_WOLF"
                                .formatted(rows.length, rows[0].length));
            }
            return new Covariance(isWide ? rows : null, scale, ridge, factor);
        }

        double[] solve(double[] right) {
            if (rows == null) {
                return factor.solve(right);
            }
            var seen = new double[rows.length];
            for (int row = 0; row < rows.length; row++) {
                seen[row] = Vectors.dot(rows[row], right);
            }
            double[] inner = Within.combined(rows, factor.solve(seen));
            return Additions.times(1 / ridge, Vectors.minus(right, inner));
        }

        private static double squares(double[][] rows) {
            double sum = 0;
            for (double[] row : rows) {
                sum += Vectors.dot(row, row);
            }
            return sum;
        }

        /** With S divided by n: how far single samples' products are from S, against how far S is from a multiple of I. */
        static double share(double[][] rows) {
            double n = rows.length;
            double width = rows[0].length;
            double[][] products = rows.length < width ? Within.outer(rows) : Within.inner(rows);
            double squared = 0; // |X' X|² = |X X'|²
            for (double[] row : products) {
                squared += Vectors.dot(row, row);
            }
            double fourth = 0;
            for (double[] row : rows) {
                double length = Vectors.dot(row, row);
                fourth += length * length;
            }
            double mean = squares(rows) / n / width;
            double distance = squared / (n * n) - width * mean * mean;
            double noise = (fourth / n - squared / (n * n)) / n;
            return distance <= 0 ? 1 : Math.min(1, noise / distance);
        }
    }
}
