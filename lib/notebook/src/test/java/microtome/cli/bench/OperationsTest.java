package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import microtome.tensor.DType;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private static final Timings FAST = new Timings("ours", new double[] {2e-6, 1e-6, 3e-6});
    private static final Timings SLOW = new Timings("theirs", new double[] {6e-6, 5e-6, 7e-6});

    @Test
    void aRatioIsOfMediansAndHoldsUpToItsBound() {
        assertThat(new Ratio(FAST, SLOW, 3, Double.NaN, "").value()).isCloseTo(3, within(1e-12));
        assertThat(new Ratio(FAST, SLOW, 2.9, Double.NaN, "").holds()).isTrue();
        assertThat(new Ratio(FAST, SLOW, 3.1, Double.NaN, "").holds()).isFalse();
        assertThat(new Ratio(FAST, SLOW, Double.NaN, Double.NaN, "").holds()).isTrue();
        assertThat(new Ratio(FAST, SLOW, 1, 0.8, "").holds()).isTrue();
        assertThat(new Ratio(FAST, SLOW, 1, 0.79, "").holds()).isFalse();
    }

    @Test
    void aLineShowsWhatWasMissed() {
        assertThat(new Ratio(FAST, SLOW, 1.5, Double.NaN, "F.x"))
                .hasToString("  3.00 x  >= 1.50      ours       2.0 us  theirs       6.0 us  F.x");
        assertThat(new Ratio(FAST, SLOW, 4, 0.5, "F.x"))
                .hasToString("  3.00 x  MISSES 4.00  ours       2.0 us  theirs       6.0 us  F.x (MISSES 80 %)");
    }

    @Test
    void ratiosStandBelowEachOther() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("a", new Ratio(FAST, SLOW, 1, Double.NaN, "x"));
        facts.put("longer", new Ratio(FAST, SLOW, 1, Double.NaN, "x"));
        facts.put("peer", "torch");
        var lines = Result.timed("title", List.of(), facts).text().lines().toList();
        assertThat(lines.get(1).indexOf(" x ")).isEqualTo(lines.get(2).indexOf(" x "));
        assertThat(lines.get(3)).isEqualTo("  peer: torch");
    }

    /** The numbers that {@code noise} of {@code operations.py} gives for the same seed. */
    @Test
    void bothSidesHaveTheSameInputs() {
        assertThat(Noise.of(1, 1, 4))
                .containsExactly(-0.9844698905944824f, 0.24463915824890137f, -0.94045090675354f, -0.878554105758667f);
        assertThat(Noise.of(1, 8, 4)[0]).isEqualTo(8 * Noise.of(1, 1, 1)[0]);
    }

    @Test
    void anErrorIsRelativeToTheLargestValue() {
        assertThat(OperationDuel.error(new float[] {1, 2, -4}, new float[] {1, 3, -4}))
                .isEqualTo(0.25);
        assertThat(OperationDuel.error(new float[] {1, Float.NaN}, new float[] {1, 3}))
                .isInfinite();
        assertThat(OperationDuel.error(new float[] {1}, new float[] {1, 3})).isInfinite();
    }

    @Test
    void theWeightsOfFewRowsFillMoreThanACacheHolds() {
        var weight = new ProductCases.Weight(576, 1536);
        assertThat(weight.copies(DType.F32, 1) * weight.bytes(DType.F32)).isGreaterThanOrEqualTo(190_000_000);
        assertThat(weight.copies(DType.BF16, 8) * weight.bytes(DType.BF16)).isGreaterThanOrEqualTo(190_000_000);
        assertThat(weight.copies(DType.F32, 128)).isEqualTo(1);
        assertThat(ProductCases.all(DType.F32)).hasSize(16).allMatch(each -> each.bound() > 1);
    }

    @Test
    void aShareOfMemoryIsTakenWithinARound() {
        double[] own = new Timings("ours", new double[] {2, 2, 4, 4, 8, 8}).medians(3);
        assertThat(own).containsExactly(2, 4, 8);
        assertThat(OperationDuel.share(own, new double[] {0.1, 0.2, 0.3}, 10)).isEqualTo(0.5);
    }

    @Test
    void aPercentileIsOneOfTheTimes() {
        assertThat(BusyBench.percentile(new double[] {5, 1, 4, 2, 3, 6, 7, 8, 9, 10}, 0.9))
                .isEqualTo(9);
        assertThat(BusyBench.percentile(new double[] {3}, 0.9)).isEqualTo(3);
    }
}
