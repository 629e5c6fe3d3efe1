package microtome.probe.concept.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** Vectors in the directions of their largest variance. */
final class PrincipalRows {
    private PrincipalRows() {}

    /**
     * The first coordinates of rows along their principal components, in double precision from the smaller of the two Gram
     * matrices.
     *
     * @param rows {@code [n][width]}
     * @return {@code [n][components]}
     */
    static float[][] of(float[][] rows, int components) {
        DMatrixRMaj centred = centred(rows);
        boolean byRows = centred.numRows < centred.numCols;
        int side = Math.min(centred.numRows, centred.numCols);
        var gram = new DMatrixRMaj(side, side);
        if (byRows) {
            CommonOps_DDRM.multTransB(centred, centred, gram);
        } else {
            CommonOps_DDRM.multTransA(centred, centred, gram);
        }
        var eigen = DecompositionFactory_DDRM.eig(side, true, true);
        if (!eigen.decompose(gram)) {
            throw new IllegalArgumentException(
                    "the principal components could not be found; take the vectors themselves");
        }
        int[] order = IntStream.range(0, side)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        each -> -eigen.getEigenvalue(each).getReal()))
                .mapToInt(Integer::intValue)
                .toArray();
        var scores = new float[rows.length][components];
        for (int component = 0; component < components; component++) {
            DMatrixRMaj vector = eigen.getEigenVector(order[component]);
            double length =
                    Math.sqrt(Math.max(0, eigen.getEigenvalue(order[component]).getReal()));
            var along = new DMatrixRMaj(rows.length, 1);
            if (byRows) {
                CommonOps_DDRM.scale(length, vector, along);
            } else {
                CommonOps_DDRM.mult(centred, vector, along);
            }
            for (int row = 0; row < rows.length; row++) {
                scores[row][component] = (float) along.get(row, 0);
            }
        }
        return scores;
    }

    private static DMatrixRMaj centred(float[][] rows) {
        var centred = new DMatrixRMaj(rows.length, rows[0].length);
        for (int feature = 0; feature < rows[0].length; feature++) {
            int column = feature;
            double mean = Arrays.stream(rows)
                    .mapToDouble(row -> row[column])
                    .average()
                    .orElse(0);
            for (int row = 0; row < rows.length; row++) {
                centred.set(row, feature, rows[row][feature] - mean);
            }
        }
        return centred;
    }
}
