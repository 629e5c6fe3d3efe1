package microtome.probe.dimension.principal;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Orthogonal directions of largest variance.
 *
 * @param mean of the states that they were fitted to
 * @param axes of length 1, {@code [components][width]}; each one's largest element is positive, as its sign means nothing
 * @param explained the share of each in all variance
 */
record PrincipalAxes(double[] mean, double[][] axes, double[] explained) {
    private static final double ROUNDING = 1e-14;

    /**
     * Fits them.
     *
     * @param rows {@code [states][width]}, finite
     * @param components at least 1
     * @throws IllegalArgumentException if the states have fewer components or do not vary
     */
    static PrincipalAxes of(double[][] rows, int components, String what) {
        int n = rows.length;
        int width = rows[0].length;
        int most = Math.min(n - 1, width);
        if (components > most) {
            throw new IllegalArgumentException(
                    "%d components of %d states of width %d (%s): there are at most min(n - 1, width) = %d"
                            .formatted(components, n, width, what, most));
        }
        double[] mean = mean(rows);
        var centred = new DMatrixRMaj(n, width);
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < width; i++) {
                centred.set(row, i, rows[row][i] - mean[i]);
            }
        }
        double total = Math.pow(NormOps_DDRM.normF(centred), 2);
        if (!(total > 0)) {
            throw new IllegalArgumentException(
                    "the states do not vary (%s), so they have no components; fit to another layer or to all"
                            .formatted(what));
        }
        return of(mean, centred, components, total);
    }

    private static PrincipalAxes of(double[] mean, DMatrixRMaj centred, int components, double total) {
        boolean byState = centred.numRows <= centred.numCols;
        int size = Math.min(centred.numRows, centred.numCols);
        var products = new DMatrixRMaj(size, size);
        if (byState) {
            CommonOps_DDRM.multTransB(centred, centred, products);
        } else {
            CommonOps_DDRM.multTransA(centred, centred, products);
        }
        var eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(products)) {
            throw new ArithmeticException("the covariance has no eigenvectors; its numbers are too large");
        }
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()))
                .mapToInt(Integer::intValue)
                .limit(components)
                .toArray();
        var axes = new double[components][];
        var explained = new double[components];
        for (int component = 0; component < components; component++) {
            DMatrixRMaj vector = eigen.getEigenVector(order[component]);
            explained[component] =
                    Math.max(0, eigen.getEigenvalue(order[component]).getReal()) / total;
            axes[component] = explained[component] > ROUNDING
                    ? axis(vector, byState ? centred : null)
                    : new double[centred.numCols]; // of nothing there is no direction
        }
        return new PrincipalAxes(mean, axes, explained);
    }

    private static double[] axis(DMatrixRMaj vector, DMatrixRMaj centred) {
        DMatrixRMaj axis = vector;
        if (centred != null) {
            axis = new DMatrixRMaj(centred.numCols, 1);
            CommonOps_DDRM.multTransA(centred, vector, axis);
        }
        double[] elements = axis.data.clone();
        double norm = NormOps_DDRM.normF(axis);
        double largest = CommonOps_DDRM.elementMax(axis);
        double sign = largest >= -CommonOps_DDRM.elementMin(axis) ? 1 : -1;
        for (int i = 0; i < elements.length; i++) {
            elements[i] *= sign / norm;
        }
        return elements;
    }

    private static double[] mean(double[][] rows) {
        var mean = new double[rows[0].length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (double[] row : rows) {
                sum += row[i] - rows[0][i];
            }
            mean[i] = rows[0][i] + sum / rows.length; // exact where nothing varies
        }
        return mean;
    }

    /** Where a state lies along each axis. */
    double[] scores(double[] state) {
        var scores = new double[axes.length];
        for (int component = 0; component < scores.length; component++) {
            for (int i = 0; i < state.length; i++) {
                scores[component] += (state[i] - mean[i]) * axes[component][i];
            }
        }
        return scores;
    }
}
