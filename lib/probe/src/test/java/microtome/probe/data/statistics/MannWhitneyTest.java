package microtome.probe.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import microtome.probe.data.statistics.MannWhitney.Method;
import org.junit.jupiter.api.Test;

/**
 * Reference numbers: {@code scipy.stats.mannwhitneyu(x, y)} of scipy 1.17.1, with {@code method="exact"} or
 * {@code "asymptotic"} as each test says. Both sides compute in float64 with a handful of terms.
 */
class MannWhitneyTest {
    private static final double SAME = 1e-12;
    private static final double NORMAL = 1e-9; // two implementations of the error function

    @Test
    void isExactForFewNumbersWithoutTies() {
        var test = MannWhitney.of(new double[] {1, 2, 3, 4, 5.5}, new double[] {3.5, 5, 6, 7, 8});
        assertThat(test.u1()).isEqualTo(3);
        assertThat(test.p()).isCloseTo(0.05555555555555555, within(SAME));
        assertThat(test.rankBiserial()).isCloseTo(2 * 3 / 25.0 - 1, within(SAME));
        assertThat(test.method()).isEqualTo(Method.EXACT);
        assertThat(MannWhitney.of(new double[] {1, 2, 3}, new double[] {4}).p()).isCloseTo(0.5, within(SAME));
    }

    @Test
    void theSmallerGroupDecidesWhetherItIsExact() {
        double[] second = wave(25, 2.3, 0.5, 1);
        var eight = MannWhitney.of(wave(8, 1.7, 0, 0), second);
        assertThat(eight.method()).isEqualTo(Method.EXACT);
        assertThat(eight.u1()).isEqualTo(67);
        assertThat(eight.p()).isCloseTo(0.17568903720182918, within(SAME));
        var nine = MannWhitney.of(wave(9, 1.7, 0, 0), second);
        assertThat(nine.method()).isEqualTo(Method.NORMAL);
        assertThat(nine.u1()).isEqualTo(84);
        assertThat(nine.p()).isCloseTo(0.2743902513997516, within(NORMAL));
    }

    @Test
    void tiesTakeTheNormalApproximationWithTheirCorrection() {
        var test = MannWhitney.of(new double[] {1, 2, 2, 3, 3, 3, 7}, new double[] {2, 3, 4, 4, 5, 9, 9, 9, 10});
        assertThat(test.method()).isEqualTo(Method.NORMAL);
        assertThat(test.u1()).isEqualTo(10.5);
        assertThat(test.p()).isCloseTo(0.027741968274202226, within(NORMAL));
    }

    @Test
    void groupsThatAreAllAlikeDoNotDiffer() {
        for (double[] second : new double[][] {{5, 5}, {5}, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5}}) {
            var test = MannWhitney.of(new double[] {5, 5, 5}, second);
            assertThat(test.p()).isEqualTo(1);
            assertThat(test.rankBiserial()).isZero();
        }
        assertThat(MannWhitney.of(new double[] {1, 2}, new double[] {1, 2}).p()).isEqualTo(1);
    }

    @Test
    void swappingTheGroupsTurnsTheEffectAndKeepsTheP() {
        double[] x = wave(12, 1.7, 0, 0);
        double[] y = wave(15, 2.3, 0.5, 1);
        var one = MannWhitney.of(x, y);
        var other = MannWhitney.of(y, x);
        assertThat(one.u1() + other.u1()).isEqualTo(12 * 15);
        assertThat(one.rankBiserial()).isCloseTo(-other.rankBiserial(), within(SAME));
        assertThat(one.p()).isCloseTo(other.p(), within(SAME));
    }

    @Test
    void anEmptyGroupGivesNoNumberAndSaysWhy() {
        var test = MannWhitney.of(new double[] {Double.NaN}, new double[] {1, Double.NaN, 2});
        assertThat(test.u1()).isNaN();
        assertThat(test.p()).isNaN();
        assertThat(test.rankBiserial()).isNaN();
        assertThat(test.method()).isEqualTo(Method.NONE);
        assertThat(test.reason()).isEqualTo("a group has no number: 0 and 2");
        assertThat(test.leftOut()).isEqualTo(2);
    }

    @Test
    void whatIsNotANumberIsLeftOutAndCounted() {
        var test = MannWhitney.of(
                new double[] {1, 2, Double.NaN, 3, 4, 5.5}, new double[] {3.5, 5, 6, 7, 8, Double.NaN, Double.NaN});
        assertThat(test.u1()).isEqualTo(3);
        assertThat(test.n1()).isEqualTo(5);
        assertThat(test.n2()).isEqualTo(5);
        assertThat(test.leftOut()).isEqualTo(3);
    }

    private static double[] wave(int count, double frequency, double phase, double shift) {
        return IntStream.range(0, count)
                .mapToDouble(i -> Math.sin(i * frequency + phase) * 3 + shift)
                .toArray();
    }
}
