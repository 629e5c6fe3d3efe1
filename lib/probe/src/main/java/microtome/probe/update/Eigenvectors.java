package microtome.probe.update;

import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Of a symmetric matrix without negative eigenvalues, the largest first.
 *
 * @param values of the matrix
 * @param vectors {@code [number][size]}, of length 1 and orthogonal
 */
record Eigenvectors(double[] values, double[][] vectors) {
    /**
     * The library's method for symmetric matrices sometimes does not converge on one of equal elements; singular vectors, which
     * are the same here, take twice as long and do.
     *
     * @param count how many at most
     */
    static Eigenvectors of(DMatrixRMaj symmetric, int count) {
        int size = symmetric.numRows;
        var eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (eigen.decompose(symmetric.copy())) {
            return sorted(
                    size,
                    count,
                    i -> eigen.getEigenvalue(i).getReal(),
                    i -> eigen.getEigenVector(i).getData().clone());
        }
        var singular = DecompositionFactory_DDRM.svd(size, size, false, true, true);
        if (!singular.decompose(symmetric.copy())) {
            throw new ArithmeticException(
                    "the eigenvalues of a symmetric matrix of %d dimensions were not found".formatted(size));
        }
        DMatrixRMaj rows = singular.getV(null, true);
        double[] values = singular.getSingularValues();
        return sorted(
                size,
                count,
                i -> values[i],
                i -> CommonOps_DDRM.extractRow(rows, i, null).getData());
    }

    private static Eigenvectors sorted(int size, int count, IntToDoubleFunction value, IntFunction<double[]> vector) {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -value.applyAsDouble(i)))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
        return new Eigenvectors(
                IntStream.of(order).mapToDouble(value).toArray(),
                IntStream.of(order).mapToObj(vector).toArray(double[][]::new));
    }
}
