package microtome.probe.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class RidgeTest {
    private static double[][] centred(long seed, int tokens, int width) {
        float[][] drawn = Planted.normal(seed, tokens, width);
        var rows = new double[tokens][width];
        for (int i = 0; i < width; i++) {
            double mean = 0;
            for (float[] row : drawn) {
                mean += row[i] / tokens;
            }
            for (int row = 0; row < tokens; row++) {
                rows[row][i] = drawn[row][i] - mean;
            }
        }
        return rows;
    }

    private static double[] product(double[][] left, double[][] right) {
        var product = new DMatrixRMaj(left[0].length, right[0].length);
        CommonOps_DDRM.multTransA(new DMatrixRMaj(left), new DMatrixRMaj(right), product);
        return product.getData();
    }

    @Test
    void theDualFormPredictsTheSameWithFewerTokensThanDimensions() {
        double[][] states = centred(31, 9, 20);
        double[][] updates = centred(32, 9, 20);
        DMatrixRMaj primal = Ridge.coefficients(product(states, states), product(states, updates), 20);
        double[] state = Rows.row(Planted.normal(33, 1, 20)[0], 0, 20);
        double[] weights = Ridge.dualWeights(states, state);
        for (int i = 0; i < 20; i++) {
            double dual = 0;
            for (int token = 0; token < 9; token++) {
                dual += weights[token] * updates[token][i];
            }
            double direct = 0;
            for (int j = 0; j < 20; j++) {
                direct += state[j] * primal.get(j, i);
            }
            assertThat(dual).isCloseTo(direct, within(1e-9));
        }
    }

    @Test
    void oneNeighbourGivesItsOwnUpdate() {
        assertThat(Ridge.dualWeights(new double[1][5], new double[] {1, 2, 3, 4, 5}))
                .containsExactly(0);
    }

    /** The library's own method fails on this matrix of equal elements. */
    @Test
    void eigenvectorsOfEqualElementsAreFound() {
        var ones = new DMatrixRMaj(128, 128);
        for (int scale = 1; scale <= 10; scale++) {
            CommonOps_DDRM.fill(ones, 3.7 * scale);
            var found = Eigenvectors.of(ones, 3);
            assertThat(found.values()[0]).isCloseTo(128 * 3.7 * scale, within(1e-9));
            assertThat(found.values()[1]).isCloseTo(0, within(1e-9));
            assertThat(Math.abs(found.vectors()[0][17])).isCloseTo(1 / Math.sqrt(128), within(1e-9));
        }
    }

    @Test
    void theDominantSubspaceHoldsNineTenthsOfTheEnergy() {
        var vectors = new double[][] {{3, 0, 0}, {0, 1, 0}, {0, 0, 0.1}};
        var one = DominantSubspace.of(new double[][] {{3, 0, 0}, {0, 0.5, 0}});
        assertThat(one.dimensions()).isEqualTo(1);
        assertThat(one.share(new double[] {1, 1, 0})).isCloseTo(0.5, within(1e-12));
        assertThat(DominantSubspace.of(vectors).dimensions()).isEqualTo(2);
        assertThat(one.share(new double[3])).isNaN();
        assertThat(DominantSubspace.of(new double[4][3]).dimensions()).isZero();
        assertThat(DominantSubspace.of(new double[4][3]).share(new double[] {1, 0, 0}))
                .isNaN();
    }
}
