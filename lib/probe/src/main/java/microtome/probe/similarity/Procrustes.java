package microtome.probe.similarity;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * How close one representation comes to another by turning it: both are centred and scaled to Frobenius norm 1, the
 * narrower is padded with zeros, and the best orthogonal map is taken.
 *
 * @param similarity {@code s = ||X'Y||} in the nuclear norm, the sum of singular values; 0..1
 * @see <a href="https://arxiv.org/abs/2108.01661">Ding et al. 2021</a>
 */
public record Procrustes(double similarity) {
    /**
     * Of two matrices {@code [rows, width]} with the same inputs as rows; NaN where one does not vary.
     *
     * @throws IllegalArgumentException if they differ in rows, or a number is not finite
     */
    public static Procrustes of(double[][] first, double[][] second) {
        return of(Representation.of("the first", first), Representation.of("the second", second));
    }

    /** As {@link #of(double[][], double[][])}. */
    public static Procrustes of(Representation first, Representation second) {
        Similarity.requireSameRows(List.of(first, second));
        return new Procrustes(similarity(Scaled.of(new Centred(first)), Scaled.of(new Centred(second))));
    }

    /** The distance after the best turn, {@code sqrt(2 - 2 s)}: 0 for the same shape, at most sqrt 2. */
    public double distance() {
        return Math.sqrt(Math.max(0, 2 - 2 * similarity));
    }

    /** The angle between the shapes, {@code acos(s)} in radians: a metric. */
    public double angle() {
        return Math.acos(Math.min(1, similarity));
    }

    /**
     * A representation of norm 1 in as few columns as it needs: with fewer rows than columns, turning it into the span of
     * its rows leaves all products of rows, and so the nuclear norm, as they were.
     */
    record Scaled(Centred source, DMatrixRMaj matrix) {
        static Scaled of(Centred source) {
            DMatrixRMaj matrix = source.matrix();
            if (source.isConstant()) {
                return new Scaled(source, matrix);
            }
            CommonOps_DDRM.scale(1 / Math.sqrt(source.trace()), matrix);
            return new Scaled(source, matrix.numRows < matrix.numCols ? lowerFactor(matrix) : matrix);
        }

        /** L of {@code X = LQ}, {@code [rows, rows]}. */
        private static DMatrixRMaj lowerFactor(DMatrixRMaj matrix) {
            var transposed = CommonOps_DDRM.transpose(matrix, null);
            var factors = DecompositionFactory_DDRM.qr(transposed.numRows, transposed.numCols);
            factors.decompose(transposed); // false where a row depends on others; R is right all the same
            return CommonOps_DDRM.transpose(factors.getR(null, true), null);
        }
    }

    static double similarity(Scaled first, Scaled second) {
        if (first.source().isConstant() || second.source().isConstant()) {
            return Double.NaN;
        }
        var products = new DMatrixRMaj(first.matrix().numCols, second.matrix().numCols);
        CommonOps_DDRM.multTransA(first.matrix(), second.matrix(), products);
        var singular = DecompositionFactory_DDRM.svd(products.numRows, products.numCols, false, false, true);
        if (!singular.decompose(products)) {
            throw new ArithmeticException("the singular values between %s and %s were not found"
                    .formatted(first.source().name(), second.source().name()));
        }
        double sum = 0;
        for (double value : singular.getSingularValues()) {
            sum += value;
        }
        return Math.min(1, sum);
    }
}
