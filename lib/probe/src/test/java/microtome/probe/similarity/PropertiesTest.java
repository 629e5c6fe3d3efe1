package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;

class PropertiesTest {
    /** Sums of some thousand doubles; the eigenvectors of canonical correlations lose a few digits more. */
    private static final Offset<Double> DOUBLE = within(1e-11);

    private static final double[][] X = Golden.normal(new Random(1), 60, 7);
    private static final double[][] Y = Golden.normal(new Random(2), 60, 5);
    private static final double[][] WIDE = Golden.normal(new Random(3), 12, 40);

    @Test
    void everythingIsOneWithItself() {
        for (double[][] matrix : new double[][][] {X, Y, WIDE}) {
            Cka cka = Cka.of(matrix, matrix);
            assertThat(cka.debiased()).isCloseTo(1, DOUBLE);
            assertThat(cka.biased()).isCloseTo(1, DOUBLE);
            assertThat(Procrustes.of(matrix, matrix).similarity()).isCloseTo(1, DOUBLE);
        }
        assertThat(CanonicalCorrelations.of(X, X).mean()).isCloseTo(1, DOUBLE);
        assertThat(CanonicalCorrelations.of(X, X).weightedByFirst()).isCloseTo(1, DOUBLE);
    }

    @Test
    void turningScalingAndShiftingChangeNothing() {
        double[][] changed = shifted(scaled(Golden.times(X, orthogonal(7)), 3.5), 100);
        assertThat(Cka.of(X, changed).debiased()).isCloseTo(1, DOUBLE);
        assertThat(Cka.of(X, changed).biased()).isCloseTo(1, DOUBLE);
        assertThat(Procrustes.of(X, changed).similarity()).isCloseTo(1, DOUBLE);
        assertThat(Cka.of(changed, Y).debiased()).isCloseTo(Cka.of(X, Y).debiased(), DOUBLE);
        assertThat(Cka.of(changed, Y).biased()).isCloseTo(Cka.of(X, Y).biased(), DOUBLE);
        assertThat(Procrustes.of(changed, Y).similarity())
                .isCloseTo(Procrustes.of(X, Y).similarity(), DOUBLE);
        assertThat(CanonicalCorrelations.of(changed, Y).correlations())
                .containsExactly(CanonicalCorrelations.of(X, Y).correlations(), DOUBLE);
    }

    @Test
    void anyInvertibleMapLeavesCanonicalCorrelationsButNotAlignment() {
        double[][] mapped = Golden.times(X, Golden.normal(new Random(9), 7, 7));
        assertThat(CanonicalCorrelations.of(X, mapped).mean())
                .isCloseTo(1, within(1e-9)); // the map's condition is about 100
        assertThat(CanonicalCorrelations.of(mapped, Y).correlations())
                .containsExactly(CanonicalCorrelations.of(X, Y).correlations(), within(1e-9));
        assertThat(Cka.of(X, mapped).debiased()).isLessThan(0.98);
        assertThat(Procrustes.of(X, mapped).similarity()).isLessThan(0.99);
    }

    @Test
    void theOrderOfTheTwoMattersOnlyToWeights() {
        assertThat(Cka.of(X, Y).debiased()).isCloseTo(Cka.of(Y, X).debiased(), DOUBLE);
        assertThat(Procrustes.of(X, Y).similarity())
                .isCloseTo(Procrustes.of(Y, X).similarity(), DOUBLE);
        var there = CanonicalCorrelations.of(X, Y);
        var back = CanonicalCorrelations.of(Y, X);
        assertThat(there.weightedByFirst()).isCloseTo(back.weightedBySecond(), DOUBLE);
        assertThat(there.weightedBySecond()).isCloseTo(back.weightedByFirst(), DOUBLE);
        assertThat(there.weightedByFirst()).isNotCloseTo(there.weightedBySecond(), within(1e-3));
    }

    @Test
    void unrelatedWideRowsHaveBiasAndDebiasedCkaTakesItAway() {
        double sum = 0;
        double biased = 0;
        for (int seed = 0; seed < 50; seed++) {
            Cka cka = Cka.of(
                    Golden.normal(new Random(100 + seed), 12, 40), Golden.normal(new Random(200 + seed), 12, 40));
            sum += cka.debiased() / 50;
            biased += cka.biased() / 50;
        }
        assertThat(biased).isGreaterThan(0.6);
        assertThat(sum).isCloseTo(0, within(0.1)); // single ones spread by about 0.15
    }

    @Test
    void rowsAndColumnsGiveTheSameSums() {
        double[][] tall = Golden.normal(new Random(4), 400, 3); // by columns
        double[][] other = Golden.normal(new Random(5), 400, 3);
        double[][] padded = new double[400][403];
        for (int row = 0; row < 400; row++) {
            System.arraycopy(tall[row], 0, padded[row], 0, 3);
        }
        // zeros add nothing, and make comparing rows the less work
        assertThat(Cka.of(padded, other).debiased())
                .isCloseTo(Cka.of(tall, other).debiased(), DOUBLE);
        assertThat(Procrustes.of(padded, other).similarity())
                .isCloseTo(Procrustes.of(tall, other).similarity(), DOUBLE);
    }

    @Test
    void aPlantedSubspaceIsFound() {
        var random = new Random(8);
        double[][] shared = Golden.normal(random, 500, 2);
        double[][] first = joined(shared, Golden.normal(random, 500, 3));
        double[][] second = joined(shared, Golden.normal(random, 500, 4));
        double[] correlations = CanonicalCorrelations.of(
                        Golden.times(first, Golden.normal(random, 5, 5)),
                        Golden.times(second, Golden.normal(random, 6, 6)))
                .correlations();
        assertThat(correlations[0]).isCloseTo(1, within(1e-9));
        assertThat(correlations[1]).isCloseTo(1, within(1e-9));
        assertThat(correlations[2]).isLessThan(0.3); // chance on 500 rows is about sqrt(7 / 500)
    }

    private static double[][] joined(double[][] left, double[][] right) {
        var all = new double[left.length][left[0].length + right[0].length];
        for (int row = 0; row < left.length; row++) {
            System.arraycopy(left[row], 0, all[row], 0, left[row].length);
            System.arraycopy(right[row], 0, all[row], left[row].length, right[row].length);
        }
        return all;
    }

    private static double[][] orthogonal(int size) {
        DMatrixRMaj matrix = RandomMatrices_DDRM.orthogonal(size, size, new Random(6));
        return matrix.get2DData();
    }

    private static double[][] scaled(double[][] matrix, double factor) {
        var result = new double[matrix.length][matrix[0].length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[0].length; j++) {
                result[i][j] = matrix[i][j] * factor;
            }
        }
        return result;
    }

    private static double[][] shifted(double[][] matrix, double by) {
        var result = scaled(matrix, 1);
        for (double[] row : result) {
            for (int j = 0; j < row.length; j++) {
                row[j] += by * (j + 1);
            }
        }
        return result;
    }
}
