package microtome.probe.concept.linear;

import java.util.Arrays;
import microtome.probe.data.Vectors;

/**
 * For fewer rows than features, by the identity of Woodbury: with {@code M = X X' + 1 / (strength · curvature)}, which has the
 * size of the rows, the inverse of {@code I + strength · X' curvature X} is {@code I - X' inverse(M) X}.
 */
final class DualCurvature implements Curvature {
    private final double[][] rows;
    private final double[][] products;

    DualCurvature(CentredRows centred) {
        int size = centred.size();
        rows = new double[size][];
        products = new double[size][size];
        for (int row = 0; row < size; row++) {
            rows[row] = centred.row(row);
            for (int other = 0; other <= row; other++) {
                products[other][row] = Vectors.dot(rows[other], rows[row]);
            }
        }
    }

    @Override
    public Inverse inverse(double[] curvatures, double strength) {
        var matrix = new double[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            matrix[row] = products[row].clone();
            matrix[row][row] += 1 / (strength * Math.max(curvatures[row], LEAST));
        }
        Cholesky factor = Curvature.required(Cholesky.of(matrix));
        var ones = new double[rows.length];
        Arrays.fill(ones, 1);
        double[] bias = factor.solve(ones);
        return right -> solve(factor, bias, right);
    }

    /** The bias is eliminated first: its row of the matrix, less what the weights explain of it, is {@code 1' inverse(M) 1}. */
    private double[] solve(Cholesky factor, double[] bias, double[] right) {
        int width = right.length - 1;
        var seen = new double[rows.length];
        for (int row = 0; row < rows.length; row++) {
            seen[row] = Vectors.dot(rows[row], right, width);
        }
        double schur = 0;
        for (double each : bias) {
            schur += each;
        }
        double last = (right[width] - Vectors.dot(bias, seen)) / schur;
        double[] inner = factor.solve(seen);
        var solved = right.clone();
        for (int row = 0; row < rows.length; row++) {
            Additions.add(-inner[row] - last * bias[row], rows[row], solved);
        }
        solved[width] = last;
        return solved;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
