package microtome.probe.depth.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import microtome.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Maps that were put into numbers come out again. */
class MapWorkTest {
    private static final Engine ENGINE = Engine.open("reference");
    private static final int ROWS = 400;
    /** A product over a few dozen features in F32, of sums in F32: some hundred roundings of 2^-24, relative. */
    private static final double ROUNDING = 1e-4;

    private final Random random = new Random(42);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    private LayerMaps.Values maps(double[][][] sources, double[][][] targets, MapOptions options, long budget) {
        return MapWork.run(ENGINE, MadeUpRows.of(sources, targets, 20), options, budget)
                .values();
    }

    private LayerMaps.Values maps(double[][][] sources, double[][][] targets) {
        return maps(sources, targets, MapOptions.DEFAULT, MapWork.BUDGET);
    }

    @Test
    void aPlantedAffineMapIsRecovered() {
        double[][] x = gaussian(ROWS, 6);
        double[][] noise = gaussian(ROWS, 4);
        double[][] y = mapped(x, gaussian(6, 4), new double[] {3, -2, 0, 50});
        LayerMaps.Values found = maps(new double[][][] {x}, new double[][][] {y, noise});
        assertThat(found.error()[0][0]).isLessThan(ROUNDING);
        assertThat(found.error()[0][1]).isGreaterThan(0.9);
        assertThat(found.meanAlone()[1]).isCloseTo(1, within(0.2));
        assertThat(found.fitted()).isEqualTo(320);
        assertThat(found.chosen()).isEqualTo(40);
        assertThat(found.reported()).isEqualTo(40);
    }

    @Test
    void aRotationIsRecoveredWhereItIsAndNowhereElse() {
        double[][] first = gaussian(ROWS, 5);
        double[][] second = gaussian(ROWS, 5);
        double[][] rotation = rotation(5);
        LayerMaps.Values found = maps(
                new double[][][] {first, second},
                new double[][][] {mapped(second, rotation, new double[5]), mapped(first, rotation, new double[5])});
        assertThat(found.error()[0][1]).isLessThan(ROUNDING);
        assertThat(found.error()[1][0]).isLessThan(ROUNDING);
        assertThat(found.error()[0][0]).isGreaterThan(0.9);
        assertThat(found.error()[1][1]).isGreaterThan(0.9);
    }

    /** A massive direction must not drown the rest: it is 1,000 times as long as the others. */
    @Test
    void oneMassiveFeatureDoesNotHideTheOthers() {
        double[][] x = gaussian(ROWS, 6);
        for (double[] row : x) {
            row[2] = 1000 + 10 * row[2];
        }
        double[][] y = mapped(x, new double[][] {{1, 0}, {0, 1}, {0, 0}, {0, 0}, {0, 0}, {0, 0}}, new double[2]);
        assertThat(maps(new double[][][] {x}, new double[][][] {y}).error()[0][0])
                .isLessThan(ROUNDING);
    }

    @Test
    void severalWaysThroughTheTextsGiveTheNumbersOfOne() {
        double[][][] layers = {gaussian(ROWS, 5), gaussian(ROWS, 5), gaussian(ROWS, 5)};
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 5; i++) {
                layers[2][row][i] += layers[1][row][i];
            }
        }
        var one = MapWork.run(ENGINE, MadeUpRows.of(layers, layers, 20), MapOptions.DEFAULT, MapWork.BUDGET);
        var many = MapWork.run(ENGINE, MadeUpRows.of(layers, layers, 20), MapOptions.DEFAULT, 1);
        assertThat(one.passes()).isEqualTo(2);
        assertThat(many.passes()).isEqualTo(6);
        assertThat(many.values().error()).isDeepEqualTo(one.values().error());
        assertThat(many.values().meanAlone()).isEqualTo(one.values().meanAlone());
        assertThat(one.values().error()[1][1]).isLessThan(ROUNDING);
        assertThat(one.values().error()[1][2]).isBetween(0.5, 0.9);
    }

    /** As many features as rows and nothing but noise: least squares fits the noise, ridge does not. */
    @Test
    void lambdaIsChosenByWhatIsHeldOut() {
        double[][] x = gaussian(ROWS, 250);
        double[][] y = gaussian(ROWS, 3);
        for (int row = 0; row < ROWS; row++) {
            y[row][0] += 0.3 * x[row][0];
        }
        LayerMaps.Values plain =
                maps(new double[][][] {x}, new double[][][] {y}, MapOptions.DEFAULT.lambdas(0), MapWork.BUDGET);
        LayerMaps.Values chosen = maps(
                new double[][][] {x}, new double[][][] {y}, MapOptions.DEFAULT.lambdas(0, 1, 1000), MapWork.BUDGET);
        assertThat(chosen.lambda()[0][0]).isPositive();
        assertThat(chosen.error()[0][0]).isLessThan(plain.error()[0][0]);
    }

    @Test
    void fromWhatNeverVariesOnlyTheMeanIsKnown() {
        double[][] constant = new double[ROWS][4];
        for (double[] row : constant) {
            Arrays.fill(row, 7);
        }
        double[][] y = mapped(gaussian(ROWS, 4), rotation(4), new double[] {1, 2, 3, 4});
        LayerMaps.Values found = maps(new double[][][] {constant}, new double[][][] {y, constant});
        assertThat(found.error()[0][0]).isCloseTo(found.meanAlone()[0], within(ROUNDING));
        assertThat(found.error()[0][1]).isLessThan(ROUNDING);
    }

    @Test
    void targetsWithoutLengthHaveNoError() {
        LayerMaps.Values found = maps(new double[][][] {gaussian(ROWS, 4)}, new double[][][] {new double[ROWS][4]});
        assertThat(found.error()[0][0]).isNaN();
        assertThat(found.meanAlone()[0]).isNaN();
    }

    @Test
    void fewerThanTenDocumentsAreNotEnough() {
        double[][] x = gaussian(180, 3);
        assertThatThrownBy(() -> maps(new double[][][] {x}, new double[][][] {x}))
                .hasMessageContaining("no documents are left to report the error of")
                .hasMessageContaining("give at least ten");
    }

    @Test
    void anInterruptKeepsTheSourceLayersThatAreDone() {
        double[][] x = gaussian(ROWS, 3);
        Thread.currentThread().interrupt();
        var outcome = MapWork.run(
                ENGINE, MadeUpRows.of(new double[][][] {x}, new double[][][] {x}, 20), MapOptions.DEFAULT, 1);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(outcome.stopped()).contains("stopped at source layer 0");
        assertThat(outcome.values().error()[0]).containsOnly(Double.NaN);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new MapOptions(MapOptions.DEFAULT.reading(), 0, List.of()))
                .hasMessageContaining("at least one");
        assertThatThrownBy(() -> MapOptions.DEFAULT.lambdas(-1)).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> MapOptions.DEFAULT.lambdas(Double.NaN)).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> MapOptions.DEFAULT.every(-1)).hasMessageContaining("1 for all");
        assertThat(MapOptions.DEFAULT.everyOf(30)).isEqualTo(5);
        assertThat(MapOptions.DEFAULT.everyOf(3)).isEqualTo(1);
        assertThat(MapOptions.DEFAULT.every(2).everyOf(30)).isEqualTo(2);
    }

    private double[][] gaussian(int rows, int columns) {
        var numbers = new double[rows][columns];
        for (double[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return numbers;
    }

    private static double[][] mapped(double[][] x, double[][] map, double[] offset) {
        var y = new double[x.length][offset.length];
        for (int row = 0; row < x.length; row++) {
            for (int j = 0; j < offset.length; j++) {
                y[row][j] = offset[j];
                for (int i = 0; i < map.length; i++) {
                    y[row][j] += x[row][i] * map[i][j];
                }
            }
        }
        return y;
    }

    /** Gram and Schmidt of random rows. */
    private double[][] rotation(int width) {
        double[][] rows = gaussian(width, width);
        for (int row = 0; row < width; row++) {
            for (int before = 0; before < row; before++) {
                double along = dot(rows[row], rows[before]);
                for (int i = 0; i < width; i++) {
                    rows[row][i] -= along * rows[before][i];
                }
            }
            double length = Math.sqrt(dot(rows[row], rows[row]));
            for (int i = 0; i < width; i++) {
                rows[row][i] /= length;
            }
        }
        return rows;
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
