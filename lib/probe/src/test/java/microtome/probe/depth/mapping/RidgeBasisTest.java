package microtome.probe.depth.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RidgeBasisTest {
    private static final int WIDTH = 6;
    private static final int COLUMNS = 3;

    /** What the closed form gives satisfies {@code (XᵀX + lambda I) W = XᵀY}. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 1})
    void itSolvesTheNormalEquationsForEveryLambda(double share) {
        var random = new Random(7);
        double[][] x = uniform(random, 40, WIDTH);
        double[] gram = product(x, x);
        double[] cross = product(x, uniform(random, 40, COLUMNS));
        double lambda = share * (gram[0] + gram[7] + gram[14] + gram[21] + gram[28] + gram[35]) / WIDTH;
        double[] weights = weights(new RidgeBasis(gram, WIDTH), cross, share);
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double left = lambda * weights[i * COLUMNS + j];
                for (int k = 0; k < WIDTH; k++) {
                    left += gram[i * WIDTH + k] * weights[k * COLUMNS + j];
                }
                // Axes are rounded to F32; the sums are below 20.
                assertThat(left).isCloseTo(cross[i * COLUMNS + j], within(1e-5));
            }
        }
    }

    private static double[] weights(RidgeBasis basis, double[] cross, double share) {
        float[] axes = basis.axes();
        double[] along = basis.along(cross);
        double[] factors = basis.factors(share);
        var weights = new double[cross.length];
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                for (int axis = 0; axis < WIDTH; axis++) {
                    weights[i * COLUMNS + j] += axes[i * WIDTH + axis] * factors[axis] * along[axis * COLUMNS + j];
                }
            }
        }
        return weights;
    }

    @Test
    void leastSquaresLeavesOutWhatOnlyRoundingMoves() {
        var basis = new RidgeBasis(new double[] {1, 0, 0, 1e-9}, 2);
        double[] plain = basis.factors(0);
        Arrays.sort(plain);
        assertThat(plain[0]).isZero();
        assertThat(plain[1]).isCloseTo(1, within(1e-12));
        double[] held = basis.factors(0.5);
        Arrays.sort(held);
        assertThat(held[0]).isCloseTo(1 / 1.25, within(1e-6));
        assertThat(held[1]).isCloseTo(1 / 0.25, within(1e-6));
        assertThat(new RidgeBasis(new double[4], 2).factors(1)).containsOnly(0);
    }

    private static double[][] uniform(Random random, int rows, int columns) {
        var numbers = new double[rows][columns];
        for (double[] row : numbers) {
            Arrays.setAll(row, _ -> random.nextDouble(-1, 1));
        }
        return numbers;
    }

    private static double[] product(double[][] left, double[][] right) {
        int columns = right[0].length;
        var product = new double[left[0].length * columns];
        for (int row = 0; row < left.length; row++) {
            for (int i = 0; i < product.length; i++) {
                product[i] += left[row][i / columns] * right[row][i % columns];
            }
        }
        return product;
    }
}
