package microtome.probe.similarity;

import java.util.Random;

/** The seeded matrices of the published check numbers, filled row by row. */
final class Golden {
    static final double[][] A;
    static final double[][] B;
    static final double[][] C = uniform(new Random(7), 20, 6);

    static {
        var random = new Random(42);
        A = uniform(random, 20, 6);
        double[][] noise = uniform(random, 20, 4);
        B = new double[20][4];
        for (int row = 0; row < 20; row++) {
            for (int i = 0; i < 4; i++) {
                B[row][i] = A[row][i] + 0.5 * noise[row][i];
            }
        }
    }

    private Golden() {}

    static double[][] uniform(Random random, int rows, int width) {
        var matrix = new double[rows][width];
        for (double[] row : matrix) {
            for (int i = 0; i < width; i++) {
                row[i] = random.nextDouble() - 0.5;
            }
        }
        return matrix;
    }

    static double[][] normal(Random random, int rows, int width) {
        var matrix = new double[rows][width];
        for (double[] row : matrix) {
            for (int i = 0; i < width; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return matrix;
    }

    static double[][] times(double[][] left, double[][] right) {
        var product = new double[left.length][right[0].length];
        for (int i = 0; i < left.length; i++) {
            for (int k = 0; k < right.length; k++) {
                for (int j = 0; j < right[0].length; j++) {
                    product[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return product;
    }
}
