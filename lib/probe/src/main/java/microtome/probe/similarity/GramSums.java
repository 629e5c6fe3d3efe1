package microtome.probe.similarity;

import java.util.List;
import microtome.probe.data.Vectors;

/**
 * What kernel alignment needs of the Gram matrices {@code K = XX'} of centred representations: for any two of them the sum
 * of {@code K[i][j] L[i][j]} off the diagonal and on it, and the trace of each. The Hilbert-Schmidt criterion with zeroed
 * diagonals does not depend on centring, and for centred rows {@code K1 = 0}, so these sums are all there is to it.
 *
 * @param rows inputs, n
 * @param offDiagonal {@code sum over i != j}, {@code [matrices][matrices]}
 * @param onDiagonal {@code sum over i = j}
 * @param traces of each
 * @see <a href="https://jmlr.org/papers/v13/song12a.html">Song et al. 2012, theorem 2</a>
 */
record GramSums(int rows, double[][] offDiagonal, double[][] onDiagonal, double[] traces) {
    /** Fewest rows of the estimate without bias. */
    static final int LEAST_ROWS = 4;

    /** These sums over pairs of different rows, with those of equal rows taken from the matrices. */
    static GramSums of(List<Centred> matrices, double[][] offDiagonal) {
        int count = matrices.size();
        var onDiagonal = new double[count][count];
        var traces = new double[count];
        for (int a = 0; a < count; a++) {
            traces[a] = matrices.get(a).trace();
            for (int b = 0; b <= a; b++) {
                onDiagonal[a][b] = Vectors.dot(
                        matrices.get(a).squaredLengths(), matrices.get(b).squaredLengths());
                onDiagonal[b][a] = onDiagonal[a][b];
            }
        }
        return new GramSums(matrices.getFirst().rows(), offDiagonal, onDiagonal, traces);
    }

    /** {@code ||Y'X||^2}, the criterion with bias, not divided by {@code (n-1)^2}. */
    double biased(int a, int b) {
        return isConstant(a, b) ? 0 : offDiagonal[a][b] + onDiagonal[a][b];
    }

    /** HSIC1, the criterion without bias; NaN below four rows. */
    double unbiased(int a, int b) {
        if (rows < LEAST_ROWS) {
            return Double.NaN;
        }
        if (isConstant(a, b)) {
            return 0;
        }
        double n = rows;
        double sum = offDiagonal[a][b] + traces[a] * traces[b] / ((n - 1) * (n - 2)) - 2 / (n - 2) * onDiagonal[a][b];
        return sum / (n * (n - 3));
    }

    private boolean isConstant(int a, int b) {
        return traces[a] == 0 || traces[b] == 0;
    }
}
