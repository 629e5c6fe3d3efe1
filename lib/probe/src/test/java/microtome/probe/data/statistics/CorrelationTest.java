package microtome.probe.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reference numbers: {@code scipy.stats.spearmanr} and {@code pearsonr} of scipy 1.17.1 in float64. */
class CorrelationTest {
    private static final double SAME = 1e-12;
    private static final double[] X =
            IntStream.range(0, 20).mapToDouble(i -> Math.sin(i * 1.7) * 3).toArray();
    private static final double[] Y = IntStream.range(0, 20)
            .mapToDouble(i -> Math.cos(i * 1.1) * 2 + X[i] * 0.5)
            .toArray();
    private static final double[] TIED_X = {1, 2, 2, 3, 5, 5, 5, 8};
    private static final double[] TIED_Y = {2, 1, 2, 2, 7, 6, 6, 7};

    @Test
    void agreesWithScipy() {
        assertThat(Spearman.of(X, Y).value()).isCloseTo(0.6571428571428571, within(SAME));
        assertThat(Pearson.of(X, Y).value()).isCloseTo(0.6163944846415046, within(SAME));
    }

    @Test
    void equalNumbersShareTheirRanks() {
        assertThat(Spearman.ranks(TIED_Y)).containsExactly(3, 1, 3, 3, 7.5, 5.5, 5.5, 7.5);
        assertThat(Spearman.of(TIED_X, TIED_Y).value()).isCloseTo(0.8662596102964915, within(SAME));
        assertThat(Pearson.of(TIED_X, TIED_Y).value()).isCloseTo(0.8929554812673604, within(SAME));
    }

    @Test
    void ranksDoNotCareHowFarApartNumbersAre() {
        double[] grown =
                IntStream.range(0, 20).mapToDouble(i -> Math.exp(40 * X[i])).toArray();
        assertThat(Spearman.of(grown, Y).value()).isEqualTo(Spearman.of(X, Y).value());
        assertThat(Spearman.of(X, grown).value()).isCloseTo(1, within(SAME));
    }

    @Test
    void sizeAndShiftDoNotMatterEvenWhereSquaresWouldOverflow() {
        for (double scale : new double[] {1e-200, 1e200}) {
            double[] scaled =
                    IntStream.range(0, 20).mapToDouble(i -> X[i] * scale).toArray();
            assertThat(Pearson.of(scaled, Y).value()).isCloseTo(0.6163944846415046, within(SAME));
        }
        double[] turned = IntStream.range(0, 20).mapToDouble(i -> 7 - X[i]).toArray();
        assertThat(Pearson.of(turned, X).value()).isCloseTo(-1, within(SAME));
    }

    @Test
    void aConstantColumnHasNoCorrelation() {
        double[] tenths = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1}; // whose mean is not exactly 0.1
        double[] rising = {1, 2, 3, 4, 5, 6};
        assertThat(Spearman.of(tenths, rising))
                .isEqualTo(new Spearman(Double.NaN, 6, 0, "all numbers of the first column are equal"));
        assertThat(Pearson.of(rising, tenths).reason()).isEqualTo("all numbers of the second column are equal");
        assertThat(Pearson.of(rising, tenths).value()).isNaN();
        assertThat(Spearman.of(tenths, tenths).reason()).isEqualTo("all numbers of both columns are equal");
    }

    @Test
    void fewRowsHaveNoCorrelation() {
        double[] three = {1, 2, 3};
        assertThat(Spearman.of(three, three).value()).isNaN();
        assertThat(Spearman.of(three, three).reason()).isEqualTo("needs at least 4 pairs of numbers, there are 3");
        assertThat(Pearson.of(three, three).value()).isCloseTo(1, within(SAME));
        assertThat(Pearson.of(new double[] {1, 2}, new double[] {1, 2}).reason())
                .isEqualTo("needs at least 3 pairs of numbers, there are 2");
    }

    @Test
    void rowsWithoutANumberAreLeftOutAndCounted() {
        double[] x = {1, 2, 2, 3, Double.NaN, 5, 5, 5, 8, 4};
        double[] y = {2, 1, 2, 2, 9, 7, 6, 6, 7, Double.NaN};
        var spearman = Spearman.of(x, y);
        assertThat(spearman.value()).isCloseTo(0.8662596102964915, within(SAME));
        assertThat(spearman.n()).isEqualTo(8);
        assertThat(spearman.leftOut()).isEqualTo(2);
    }

    @Test
    void anInfiniteNumberHasARankAndNoPlaceOnALine() {
        double[] x = {1, 2, 3, Double.POSITIVE_INFINITY};
        double[] y = {1, 2, 3, 4};
        assertThat(Spearman.of(x, y).value()).isCloseTo(1, within(SAME));
        assertThat(Pearson.of(x, y).value()).isNaN();
        assertThat(Pearson.of(x, y).reason()).isEqualTo("a number is infinite");
    }

    @Test
    void columnsOfDifferentLengthAreAnError() {
        assertThatThrownBy(() -> Spearman.of(new double[3], new double[4]))
                .hasMessage("Spearman's correlation pairs numbers: got 3 and 4; give equally many");
    }
}
