package microtome.probe.similarity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * An orthonormal basis of the columns of a centred representation, along its principal components.
 *
 * @param source whose columns
 * @param matrix the centred rows {@code [rows, width]}
 * @param basis {@code [rows, kept]}
 */
record Subspace(Centred source, DMatrixRMaj matrix, DMatrixRMaj basis) {
    /** Directions with less than this part of the largest singular value count as rounding. */
    static final double RANK_TOLERANCE = 1e-6;

    private record Spectrum(double[] values, DMatrixRMaj vectors) {}

    /** The fewest components that carry this part of the variance; 1 keeps the whole rank. */
    static Subspace of(Centred source, double variance) {
        DMatrixRMaj matrix = source.matrix();
        boolean tall = source.rows() >= source.width();
        Spectrum spectrum = spectrum(matrix, tall);
        int kept = kept(spectrum.values(), variance);
        DMatrixRMaj vectors = CommonOps_DDRM.extract(spectrum.vectors(), 0, spectrum.vectors().numRows, 0, kept);
        return new Subspace(source, matrix, tall ? projected(matrix, vectors, spectrum.values()) : vectors);
    }

    int kept() {
        return basis.numCols;
    }

    /** Eigenvalues in falling order, with eigenvectors as columns, of {@code X'X} or {@code XX'}, whichever is smaller. */
    private static Spectrum spectrum(DMatrixRMaj matrix, boolean tall) {
        int size = Math.min(matrix.numRows, matrix.numCols);
        var products = new DMatrixRMaj(size, size);
        if (tall) {
            CommonOps_DDRM.multTransA(matrix, matrix, products);
        } else {
            CommonOps_DDRM.multTransB(matrix, matrix, products);
        }
        var eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(products)) {
            throw new ArithmeticException(
                    "the principal components of a matrix [%d, %d] were not found; its numbers may be too far apart for double precision"
                            .formatted(matrix.numRows, matrix.numCols));
        }
        double[] values = IntStream.range(0, size)
                .mapToDouble(index -> eigen.getEigenvalue(index).getReal())
                .toArray();
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(index -> -values[index]))
                .mapToInt(Integer::intValue)
                .toArray();
        var vectors = new DMatrixRMaj(size, size);
        for (int column = 0; column < size; column++) {
            CommonOps_DDRM.insert(eigen.getEigenVector(order[column]), vectors, 0, column);
        }
        return new Spectrum(
                Arrays.stream(order).mapToDouble(index -> values[index]).toArray(), vectors);
    }

    private static int kept(double[] eigenvalues, double variance) {
        double tolerance = RANK_TOLERANCE * RANK_TOLERANCE * eigenvalues[0];
        double[] real =
                Arrays.stream(eigenvalues).filter(value -> value > tolerance).toArray();
        double all = Arrays.stream(real).sum();
        double sum = 0;
        int kept = 0;
        while (kept < real.length && (variance >= 1 || sum < variance * all)) {
            sum += real[kept++];
        }
        return kept;
    }

    /**
     * {@code XV/s}. Products of columns with small s carry the rounding of large ones, which one Cholesky step takes out
     * (the second half of CholeskyQR2).
     */
    private static DMatrixRMaj projected(DMatrixRMaj matrix, DMatrixRMaj vectors, double[] eigenvalues) {
        int kept = vectors.numCols;
        var columns = new DMatrixRMaj(matrix.numRows, kept);
        CommonOps_DDRM.mult(matrix, vectors, columns);
        for (int column = 0; column < kept; column++) {
            CommonOps_DDRM.scaleCol(1 / Math.sqrt(eigenvalues[column]), columns, column);
        }
        var products = new DMatrixRMaj(kept, kept);
        CommonOps_DDRM.multTransA(columns, columns, products);
        var cholesky = DecompositionFactory_DDRM.chol(kept, false);
        if (!cholesky.decompose(products)) {
            throw new ArithmeticException("the principal components of a matrix [%d, %d] are not independent"
                    .formatted(matrix.numRows, matrix.numCols));
        }
        var inverse = new DMatrixRMaj(kept, kept);
        CommonOps_DDRM.invert(cholesky.getT(null), inverse);
        var orthonormal = new DMatrixRMaj(matrix.numRows, kept);
        CommonOps_DDRM.mult(columns, inverse, orthonormal);
        return orthonormal;
    }
}
