package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpectrumTest {
    /**
     * Of N normal states of D dimensions, {@code tr(S²)} is expected to be {@code D (1 + (D + 1)/N)}, so a participation ratio of
     * {@code D / (1 + (D + 1)/N)}; it varies by about 2/N of itself.
     */
    @Test
    void equalDirectionsCountEachAndNoMore() {
        int n = 20_000;
        var spectrum = Spectrum.of(States.normal(n, 8, 5));
        assertThat(spectrum.participationRatio()).isCloseTo(8 / (1 + 9.0 / n), within(8 * 10.0 / n));
        for (double rank : ranks(spectrum)) {
            assertThat(rank).isLessThanOrEqualTo(8);
        }
        assertThat(spectrum.effectiveRankOfVariances()).isGreaterThan(spectrum.participationRatio());
        assertThat(spectrum.effectiveRankOfSingularValues()).isGreaterThan(spectrum.effectiveRankOfVariances());
    }

    @Test
    void oneDirectionIsOneDimension() {
        double[][] line = States.embedded(States.normal(50, 1, 3), 12, 4);
        var spectrum = Spectrum.of(line);
        assertThat(spectrum.participationRatio()).isCloseTo(1, within(1e-12));
        assertThat(spectrum.stableRank()).isCloseTo(1, within(1e-12));
        assertThat(spectrum.topShare()).isCloseTo(1, within(1e-12));
        // The rounding of 50 sums of squares leaves shares of 1e-16; their entropy is 1e-16 times a logarithm of 37.
        assertThat(spectrum.effectiveRankOfVariances()).isCloseTo(1, within(1e-12));
    }

    @Test
    void nothingPassesTheBoundOfFewStates() {
        for (int n : List.of(2, 5, 12, 13, 40)) {
            var spectrum = Spectrum.of(States.normal(n, 12, n));
            assertThat(spectrum.bound()).isEqualTo(Math.min(n - 1, 12));
            for (double rank : ranks(spectrum)) {
                assertThat(rank).isBetween(1 - 1e-12, spectrum.bound() + 1e-12);
            }
        }
    }

    @Test
    void turningAndScalingChangeNoRank() {
        double[][] rows = States.normal(30, 4, 8);
        double[][] turned = Arrays.stream(rows)
                .map(row -> new double[] {3 * row[2], -3 * row[0], 3 * row[3], 3 * row[1]})
                .toArray(double[][]::new);
        assertThat(ranks(Spectrum.of(turned))).containsExactly(ranks(Spectrum.of(rows)), within(1e-12));
    }

    @Test
    void productsOfStatesAndOfElementsTellTheSame() {
        double[][] rows = States.normal(10, 10, 2);
        double[][] wider =
                Arrays.stream(rows).map(row -> Arrays.copyOf(row, 11)).toArray(double[][]::new);
        assertThat(Spectrum.of(wider).variances())
                .containsExactly(Spectrum.of(rows).variances(), within(1e-12));
    }

    @Test
    void statesThatDoNotVaryHaveNoRank() {
        var rows = new double[7][];
        Arrays.fill(rows, new double[] {0.1, 0.2, 0.3});
        for (var spectrum : List.of(Spectrum.of(rows), Spectrum.of(new double[][] {{1, 2}}))) {
            assertThat(spectrum.isFlat()).isTrue();
            assertThat(ranks(spectrum)).containsOnly(Double.NaN);
            assertThat(spectrum.topShare()).isNaN();
        }
    }

    @Test
    void refusesMoreVariancesThanThereCanBe() {
        assertThatThrownBy(() -> new Spectrum(3, 5, new double[5]))
                .hasMessage("5 variances of 3 states of width 5: need min(n - 1, width) of them");
    }

    @Test
    void directionsOfStatesThatAgreeDisagreeAndHaveNone() {
        var same = new double[9][];
        Arrays.fill(same, new double[] {3, 4});
        assertThat(Directions.of(same).meanCosine()).isCloseTo(1, within(1e-15));
        assertThat(Directions.of(new double[][] {{1, 0}, {0, 2}}).meanCosine()).isZero();
        assertThat(Directions.of(new double[][] {{1, 0}, {-2, 0}}).meanCosine()).isEqualTo(-1);
        var some = Directions.of(new double[][] {{0, 0}, {1, 0}, {0, 5}});
        assertThat(some).isEqualTo(new Directions(2, 1, 0));
        assertThat(Directions.of(new double[][] {{0, 0}, {1, 0}}).meanCosine()).isNaN();
        assertThat(Directions.centred(same)).isEqualTo(new Directions(0, 9, Double.NaN));
        double[][] far = States.normal(2000, 30, 4);
        Arrays.stream(far).forEach(row -> row[0] += 40);
        assertThat(Directions.of(far).meanCosine()).isGreaterThan(0.9);
        // Unit vectors of 30 dimensions that add up to about nothing: -1/(n - 1) up to their spread.
        assertThat(Directions.centred(far).meanCosine()).isCloseTo(0, within(1e-3));
    }

    private static double[] ranks(Spectrum spectrum) {
        return new double[] {
            spectrum.participationRatio(),
            spectrum.effectiveRankOfVariances(),
            spectrum.effectiveRankOfSingularValues(),
            spectrum.stableRank()
        };
    }
}
