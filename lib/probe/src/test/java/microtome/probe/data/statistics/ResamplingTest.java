package microtome.probe.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import org.junit.jupiter.api.Test;

class ResamplingTest {
    private static final double[] NUMBERS = {0.3, 1.1, 2.9, 4.2, 4.4, 5.0, 7.7, 9.1};
    private static final double[] X = {1.2, 3.4, 2.2, 5.1, 4.4};
    private static final double[] Y = {4.1, 6.6, 5.5, 7.0, 3.9, 6.1};

    @Test
    void theIntervalAgreesWithScipy() {
        // scipy.stats.bootstrap((x,), np.mean, n_resamples=1000000, confidence_level=level, method="percentile")
        var ours = new Bootstrap.Options(0.95, 100_000, 1);
        assertInterval(Bootstrap.ofMean(NUMBERS, ours), 2.4375, 6.3125);
        assertInterval(Bootstrap.ofMean(NUMBERS, new Bootstrap.Options(0.8, 100_000, 1)), 3.0625, 5.625);
    }

    /** Four standard errors of a percentile, {@code sqrt(q (1 - q) / B) / density}; the means are about normal. */
    private static void assertInterval(Bootstrap found, double low, double high) {
        double error = 0.9937408360875607; // of the mean, as scipy gives it
        double tail = (1 - found.level()) / 2;
        double distance = (high - low) / 2 / error;
        double density = Math.exp(-distance * distance / 2) / (error * Math.sqrt(2 * Math.PI));
        double tolerance = 4 * Math.sqrt(tail * (1 - tail) / found.resamples()) / density;
        assertThat(found.mean()).isCloseTo(34.7 / 8, within(1e-14));
        assertThat(found.low()).isCloseTo(low, within(tolerance));
        assertThat(found.high()).isCloseTo(high, within(tolerance));
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndAnotherSeedAnother() {
        var options = Bootstrap.Options.DEFAULT;
        assertThat(Bootstrap.ofMean(NUMBERS)).isEqualTo(Bootstrap.ofMean(NUMBERS, options));
        assertThat(Bootstrap.ofMean(NUMBERS, options.seed(43)).low())
                .isNotEqualTo(Bootstrap.ofMean(NUMBERS).low());
        assertThat(Bootstrap.ofMean(NUMBERS, options.resamples(10)).resamples()).isEqualTo(10);
    }

    @Test
    void aSingleNumberHasAMeanAndNoInterval() {
        var one = Bootstrap.ofMean(7, Double.NaN);
        assertThat(one.mean()).isEqualTo(7);
        assertThat(one.low()).isNaN();
        assertThat(one.high()).isNaN();
        assertThat(one.n()).isEqualTo(1);
        assertThat(one.leftOut()).isEqualTo(1);
        assertThat(one.reason()).isEqualTo("an interval needs at least 2 numbers, there is 1");
        assertThat(Bootstrap.ofMean().mean()).isNaN();
        assertThat(Bootstrap.ofMean().reason()).isEqualTo("an interval needs at least 2 numbers, there are none");
    }

    @Test
    void constantNumbersHaveAnIntervalOfNoWidth() {
        var constant = Bootstrap.ofMean(2, 2, 2);
        assertThat(constant.low()).isEqualTo(2);
        assertThat(constant.high()).isEqualTo(2);
    }

    @Test
    void optionsThatMakeNoSenseAreErrors() {
        assertThatThrownBy(() -> new Bootstrap.Options(1, 10, 0))
                .hasMessage("bootstrap with level 1.0: need a share between 0 and 1, such as 0.95");
        assertThatThrownBy(() -> new Bootstrap.Options(0.9, 0, 0))
                .hasMessage("bootstrap with 0 resamples: need at least 1, such as 1000");
        assertThatThrownBy(() -> PermutationTest.ofMeans(X, Y, 0, 0))
                .hasMessage("permutation test with 0 permutations: need at least 1, such as 10000");
    }

    @Test
    void permutationsAgreeWithAllSplitsEnumerated() {
        // in fractions, by itertools.combinations: 15 of the 462 splits are at least as far apart
        double exact = 15 / 462.0;
        int permutations = 200_000;
        var test = PermutationTest.ofMeans(X, Y, permutations, 5);
        assertThat(test.difference()).isCloseTo(-2.273333333333333, within(1e-14));
        assertThat(test.p()).isCloseTo(exact, within(4 * Math.sqrt(exact * (1 - exact) / permutations)));
        assertThat(PermutationTest.ofMeans(X, Y, 100, 5)).isEqualTo(PermutationTest.ofMeans(X, Y, 100, 5));
    }

    @Test
    void theSplitThatIsThereCountsHoweverItIsSummed() {
        // of the 6 splits of these numbers 2 are as far apart, and rounding tells them apart if nobody takes care
        var test = PermutationTest.ofMeans(new double[] {0.1, 0.2}, new double[] {0.3, 0.4}, 60_000, 3);
        assertThat(test.p()).isCloseTo(1 / 3.0, within(4 * Math.sqrt(2 / 9.0 / 60_000)));
    }

    @Test
    void smallestPossiblePIsOneAboveThePermutations() {
        double[] low = IntStream.range(0, 30).mapToDouble(i -> i).toArray();
        double[] high = Arrays.stream(low).map(number -> number + 1_000).toArray();
        assertThat(PermutationTest.ofMeans(low, high, 999, 1).p()).isEqualTo(1.0 / 1_000);
    }

    @Test
    void groupsOfTheSameKindDifferAsRarelyAsTheLevelSays() {
        var random = new SplittableRandom(8);
        int below = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] x = DoubleStream.generate(random::nextGaussian).limit(12).toArray();
            double[] y = DoubleStream.generate(random::nextGaussian).limit(9).toArray();
            below += PermutationTest.ofMeans(x, y, 199, trial).p() <= 0.1 ? 1 : 0;
        }
        assertThat(below / 400.0).isCloseTo(0.1, within(4 * Math.sqrt(0.1 * 0.9 / 400)));
    }

    @Test
    void emptyGroupsGiveNoNumberAndSayWhy() {
        var test = PermutationTest.ofMeans(new double[0], Y);
        assertThat(test.p()).isNaN();
        assertThat(test.reason()).isEqualTo("a group has no number: 0 and 6");
        assertThat(CohensD.of(new double[0], Y).reason())
                .isEqualTo("needs a number in both groups and at least 3 in all, there are 0 and 6");
        assertThat(CohensD.of(new double[] {1}, new double[] {2}).value()).isNaN();
        assertThat(CohensD.of(new double[] {1, 1}, new double[] {2, 2}).reason())
                .isEqualTo("neither group varies");
    }

    @Test
    void anInterruptIsObeyed() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Bootstrap.ofMean(NUMBERS)).isInstanceOf(InterruptedWorkException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> PermutationTest.ofMeans(X, Y)).isInstanceOf(InterruptedWorkException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
