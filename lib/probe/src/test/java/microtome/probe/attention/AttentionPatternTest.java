package microtome.probe.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.Goldens;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the real model: numpy computed the statistics in float64 from the patterns of transformers. */
class AttentionPatternTest {
    /** What the reference's page allows for a weight. */
    private static final Offset<Double> WEIGHT = within(1e-5);

    /** d(-p ln p) = -(1 + ln p) dp; five weights, each off by 1e-5, and below that size the term itself is no larger. */
    private static final Offset<Double> ENTROPY = within(5 * 1e-5 * (1 + Math.log(1e5)));

    private static LanguageModel model;
    private static TokenSequence tokens;

    @BeforeAll
    static void load() {
        model = BundledModel.get();
        tokens = BundledModel.tokens("capital");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15})
    void theStatisticsOfEveryHeadAgreeWithNumpy(int block) {
        JsonNode golden = Goldens.at("attention", Integer.toString(block));
        List<HeadStatistics> ours =
                AttentionPattern.of(model, tokens, block).all().statistics();
        assertAllClose(ours, HeadStatistics::entropy, golden.get("entropy"), ENTROPY);
        assertAllClose(ours, HeadStatistics::first, golden.get("first"), WEIGHT);
        assertAllClose(ours, HeadStatistics::previous, golden.get("previous"), WEIGHT);
        assertAllClose(ours, HeadStatistics::itself, golden.get("itself"), WEIGHT);
    }

    @Test
    void everyRowSharesOutOneAndNothingLooksAhead() {
        float[][][] patterns = AttentionPattern.of(model, tokens, 15).all().values();
        assertThat(patterns).hasNumberOfRows(9);
        for (float[][] pattern : patterns) {
            for (int query = 0; query < 5; query++) {
                double sum = 0;
                for (int key = 0; key < 5; key++) {
                    sum += pattern[query][key];
                    if (key > query) {
                        assertThat(pattern[query][key]).isZero();
                    }
                }
                assertThat(sum).isCloseTo(1, within(5e-6)); // five float32 roundings of numbers up to 1, with room
            }
        }
    }

    @Test
    void oneHeadIsTheSameAsAmongAll() {
        var plan = AttentionPattern.of(model, tokens, 7);
        assertThat(plan.head(3).values()).isDeepEqualTo(plan.all().values()[3]);
        assertThat(plan.head(3).statistics()).isEqualTo(plan.all().statistics().get(3));
        assertThat(plan.head(3).table().plainText()).contains("␣France").contains("block 7, head 3");
    }

    @Test
    void anEmptyPromptSaysSo() {
        var nothing = AttentionPattern.of(model, model.tokenizer().encode(""), 0);
        assertThatThrownBy(nothing::all).hasMessageContaining("the prompt has no tokens");
    }

    @Test
    void saysWhichBlocksAndHeadsThereAre() {
        assertThatThrownBy(() -> AttentionPattern.of(model, tokens, 30))
                .hasMessageContaining("pattern.0 to pattern.29");
        assertThatThrownBy(() -> AttentionPattern.of(model, tokens, 0).head(9))
                .hasMessage("head 9: block 0 has heads 0..8");
        assertThatThrownBy(() -> AttentionPattern.of(model, tokens, 0).head(-1))
                .hasMessage("head -1: block 0 has heads 0..8");
    }

    @Test
    void aPlanThatIsShownShowsAllHeads() {
        var plan = AttentionPattern.of(model, tokens, 0);
        assertThat(plan).hasToString("attention pattern of block 0, 9 heads, 5 tokens; ask for head(0) or all()");
        assertThat(plan.plainText()).contains("Attention of block 0 by head");
    }

    private static void assertAllClose(
            List<HeadStatistics> ours,
            ToDoubleFunction<HeadStatistics> part,
            JsonNode golden,
            Offset<Double> tolerance) {
        assertThat(ours.stream().mapToDouble(part).toArray()).containsExactly(Goldens.numbers(golden), tolerance);
    }
}
