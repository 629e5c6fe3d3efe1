package microtome.probe.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Published numbers of seeded states, to the digits that were printed. Two of them, 2.038480 and 2.214633, were rounded twice:
 * NumPy gives 2.0384784803 and 2.2146324739 in float64. So the plane is compared with NumPy, to what sums of a thousand
 * logarithms in another order may differ by, and with the page where its digits hold.
 */
class GoldenNumbersTest {
    private static final Offset<Double> PRINTED = within(0.5e-6);
    private static final Offset<Double> SUMMED = within(1e-12);

    /** 20 x 6 numbers of {@code nextDouble() - 0.5}, row by row. */
    private static double[][] a() {
        var random = new Random(42);
        var rows = new double[20][6];
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextDouble() - 0.5;
            }
        }
        return rows;
    }

    /** 1,000 points of a plane in five dimensions. */
    private static double[][] plane() {
        var random = new Random(42);
        var rows = new double[1000][];
        for (int row = 0; row < rows.length; row++) {
            double u = random.nextDouble();
            double v = random.nextDouble();
            rows[row] = new double[] {u, v, u + v, u - 2 * v, 0};
        }
        return rows;
    }

    @Test
    void theNumbersAreThoseOfThePage() {
        assertThat(a()[0])
                .containsExactly(new double[] {.227564, .183223, -.191281, -.222922, .165549, .403372}, PRINTED);
    }

    @Test
    void twoNearestNeighboursOfAPlane() {
        var found = TwoNN.of(plane());
        assertThat(found.ml()).isCloseTo(2.024424, PRINTED).isCloseTo(2.0244240680195342, SUMMED);
        assertThat(found.fit()).isCloseTo(2.038478480328268, SUMMED);
        assertThat(found.distinct()).isEqualTo(1000);
        assertThat(found.duplicates()).isZero();
    }

    @Test
    void likeliestDimensionOfAPlane() {
        assertThat(LevinaBickel.dimension(plane(), 5)).isCloseTo(2.064638, PRINTED);
        assertThat(LevinaBickel.dimension(plane(), 10)).isCloseTo(1.977971, PRINTED);
        assertThat(LevinaBickel.dimension(plane(), 20)).isCloseTo(1.958547, PRINTED);
        assertThat(LevinaBickel.meanOfDimensions(plane(), 5)).isCloseTo(2.717828, PRINTED);
        assertThat(LevinaBickel.meanOfDimensions(plane(), 10)).isCloseTo(2.2146324739318564, SUMMED);
        assertThat(LevinaBickel.meanOfDimensions(plane(), 20)).isCloseTo(2.070454, PRINTED);
    }

    @Test
    void spectrumAndItsRanks() {
        var spectrum = Spectrum.of(a());
        var scatter = Arrays.stream(spectrum.variances()).map(v -> v * 19).toArray();
        assertThat(scatter)
                .containsExactly(new double[] {3.090422, 1.620649, 1.338509, .906781, .849996, .478334}, PRINTED);
        assertThat(spectrum.participationRatio()).isCloseTo(4.359961, PRINTED);
        assertThat(spectrum.effectiveRankOfVariances()).isCloseTo(5.062835, PRINTED);
        assertThat(spectrum.effectiveRankOfSingularValues()).isCloseTo(5.746138, PRINTED);
        assertThat(spectrum.stableRank()).isCloseTo(2.680764, PRINTED);
    }

    @Test
    void meanCosine() {
        assertThat(Directions.of(a()).meanCosine()).isCloseTo(-.015463, PRINTED);
    }
}
