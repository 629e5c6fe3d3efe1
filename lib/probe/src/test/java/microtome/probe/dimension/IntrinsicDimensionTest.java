package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntrinsicDimensionTest {
    /** A sheet of two dimensions, rolled up in three; the estimate's standard error is D / √N. */
    @Test
    void aRolledSheetHasTwoDimensions() {
        var random = new SplittableRandom(1);
        var rows = new double[5000][];
        for (int row = 0; row < rows.length; row++) {
            double turn = 1.5 * Math.PI * (1 + 2 * random.nextDouble());
            rows[row] = new double[] {turn * Math.cos(turn), 21 * random.nextDouble(), turn * Math.sin(turn)};
        }
        var found = TwoNN.of(rows);
        double threeErrors = 3 * 2 / Math.sqrt(rows.length);
        assertThat(found.ml()).isCloseTo(2, within(threeErrors));
        assertThat(found.fit()).isCloseTo(2, within(threeErrors));
        assertThat(LevinaBickel.dimension(rows, 10)).isCloseTo(2, within(threeErrors));
    }

    @Test
    void turningMovingAndScalingChangeNothing() {
        double[][] rows = States.normal(200, 3, 7);
        double[][] moved = Arrays.stream(rows)
                .map(row -> new double[] {-8 * row[1] + 64, 8 * row[0] - 32, 8 * row[2]})
                .toArray(double[][]::new);
        // Scaled by a power of two and moved by at most 64: distances keep 1e-13 of themselves unless they are below
        // 1e-2.
        assertThat(TwoNN.of(moved).ml()).isCloseTo(TwoNN.of(rows).ml(), within(1e-10));
        assertThat(LevinaBickel.dimension(moved, 5)).isCloseTo(LevinaBickel.dimension(rows, 5), within(1e-10));
    }

    @Test
    void equalStatesCountOnce() {
        double[][] rows = States.normal(100, 4, 3);
        double[][] twice = Arrays.copyOf(rows, 200);
        System.arraycopy(rows, 0, twice, 100, 100);
        var found = TwoNN.of(twice);
        assertThat(found.duplicates()).isEqualTo(100);
        assertThat(found.fit()).isEqualTo(TwoNN.of(rows).fit());
        assertThat(LevinaBickel.dimension(twice, 5)).isEqualTo(LevinaBickel.dimension(rows, 5));
        assertThat(Rows.distinct(new double[][] {{0.0, 1}, {-0.0, 1}})).hasDimensions(1, 2);
    }

    @Test
    void refusesWhatTellsNothing() {
        assertThatThrownBy(() -> TwoNN.of(States.normal(49, 3, 1)))
                .hasMessage(
                        "49 different states of 49; the two nearest neighbours tell a dimension from 50 on, so give more");
        assertThatThrownBy(() -> TwoNN.of(new double[200][3])).hasMessageStartingWith("1 different states of 200");
        assertThatThrownBy(() -> LevinaBickel.dimension(States.normal(20, 3, 1), 20))
                .hasMessageContaining("20 nearest neighbours of 20 different states");
        double[][] wrong = States.normal(60, 3, 1);
        wrong[7][2] = Double.NaN;
        assertThatThrownBy(() -> TwoNN.of(wrong)).hasMessage("state 7, element 2 is NaN; all numbers must be finite");
        assertThatThrownBy(() -> TwoNN.of(new double[0][0])).hasMessageContaining("no states");
        assertThatThrownBy(() -> Spectrum.of(new double[][] {{1, 2}, {1}}))
                .hasMessage("state 1 has 1 numbers, state 0 has 2; all need the same width");
        var grid = new double[64][];
        for (int row = 0; row < 64; row++) {
            grid[row] = new double[] {row / 8, row % 8};
        }
        assertThatThrownBy(() -> TwoNN.of(grid)).hasMessageContaining("as on a grid");
    }
}
