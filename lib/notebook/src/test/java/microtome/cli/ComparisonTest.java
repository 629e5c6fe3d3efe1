package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void theLargestErrorCountsAndTheBoundItselfIsAllowed() {
        var comparison = Comparison.of("logits", new float[] {1, 2, 3}, "logits", new float[] {1, 2.5f, 3.25f});
        assertThat(comparison.error()).isEqualTo(0.5);
        assertThat(comparison.holds()).isFalse();
        assertThat(Comparison.of("x", new float[] {1}, "x", new float[] {1.00001f})
                        .holds())
                .isTrue();
    }

    @Test
    void notANumberNeverHolds() {
        var comparison = Comparison.of("logits", new float[] {1, 2}, "logits", new float[] {Float.NaN, 2});
        assertThat(comparison.error()).isNaN();
        assertThat(comparison.holds()).isFalse();
        assertThat(Comparison.larger(1, Double.NaN)).isNaN();
        assertThat(Comparison.larger(Double.NaN, 1)).isNaN();
    }

    @Test
    void oneOtherTokenFailsAndIsNamed() {
        var comparison = Comparison.ofTokens("greedy", new long[] {5, 6, 7}, new int[] {5, 9, 7});
        assertThat(comparison.holds()).isFalse();
        assertThat(comparison.verdict()).isEqualTo("FAILED token 1 is 9, expected 6");
    }

    @Test
    void anotherSizeMeansThatTheFilesDoNotBelongTogether() {
        assertThatThrownBy(() -> Comparison.of("logits", new float[3], "logits", new float[2]))
                .hasMessage(
                        "logits: 3 values are expected, our logits has 2; the folder's files do not belong together");
    }
}
