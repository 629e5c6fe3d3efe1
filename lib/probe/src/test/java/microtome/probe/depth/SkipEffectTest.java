package microtome.probe.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Activations;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SkipEffectTest {
    private static final List<TokenSequence> PROMPTS = Fixtures.prompts(24, 24, 17, 24, 9);

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Fixtures.model("llama-tied");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SkipPlan skip() {
        return DepthUse.of(model, PROMPTS).skip();
    }

    private static SkipPlan skip(TokenSequence... prompts) {
        return DepthUse.of(model, List.of(prompts)).skip();
    }

    @ParameterizedTest
    @EnumSource
    void blocksThatAreNotBehindTheSkippedOneDoNotChange(SkippedPart part) {
        for (double[][] trial :
                skip().with(SkipOptions.DEFAULT.part(part)).current().values().effectByTrial()) {
            for (int skipped = 0; skipped < 3; skipped++) {
                for (int changed = 0; changed < 3; changed++) {
                    if (changed <= skipped) {
                        assertThat(trial[skipped][changed]).isZero();
                    } else {
                        assertThat(trial[skipped][changed]).isPositive();
                    }
                }
            }
        }
    }

    /** Earlier blocks, and positions that see nothing changed, have the same bits; the rest of the stream has not. */
    @ParameterizedTest
    @EnumSource
    void theStreamChangesBehindTheSkipOnly(SkippedPart part) {
        int end = 8;
        try (var scope = model.engine().openScope()) {
            var trial = new Trial(0, PROMPTS.getFirst(), end, end);
            var batch = new SkipBatch(model, List.of(trial), part, scope);
            float[] original = batch.stream(3).toFloats();
            float[] changed = batch.propagated(1, scope).last().toFloats();
            int width = model.config().width();
            for (int position = 0; position < trial.length(); position++) {
                float[] before = Arrays.copyOfRange(original, position * width, (position + 1) * width);
                float[] after = Arrays.copyOfRange(changed, position * width, (position + 1) * width);
                if (position == 0) {
                    assertThat(after).isEqualTo(before);
                } else {
                    assertThat(after).as("position %d", position).isNotEqualTo(before);
                }
            }
        }
    }

    /** A skip at the positions from t on cannot be seen before t. */
    @Test
    void theEffectOnEarlierPositionsIsExactlyZero() {
        try (var scope = model.engine().openScope()) {
            TokenSequence tokens = PROMPTS.getFirst();
            var full = new SkipBatch(model, List.of(new Trial(0, tokens, tokens.size(), 1)), SkippedPart.BLOCK, scope);
            var early = new SkipBatch(model, List.of(new Trial(0, tokens, 12, 1)), SkippedPart.BLOCK, scope);
            float[] all = full.propagated(0, scope).last().toFloats();
            float[] some = early.propagated(0, scope).last().toFloats();
            int kept = 12 * model.config().width();
            assertThat(Arrays.copyOf(some, kept))
                    .as("skips behind position 11 changed nothing up to it")
                    .isEqualTo(Arrays.copyOf(all, kept));
            assertThat(some).isNotEqualTo(all);
        }
    }

    /** The library's edits, in runs of all blocks: the stream before a block put behind it, or its attention silenced. */
    @ParameterizedTest
    @EnumSource
    void aSkipIsARunWithThatEdit(SkippedPart part) {
        TokenSequence tokens = PROMPTS.get(2);
        double[][] found = skip(tokens)
                .with(SkipOptions.DEFAULT.part(part))
                .current()
                .values()
                .effect();
        List<Site> streams =
                IntStream.rangeClosed(0, 3).mapToObj(Site::residual).toList();
        Activations original = model.activations(tokens, streams);
        for (int skipped = 0; skipped < 3; skipped++) {
            Edit edit = switch (part) {
                case BLOCK -> Edit.replace(Site.residual(skipped + 1), original.at(Site.residual(skipped)));
                case ATTENTION -> Edit.zero(Site.attentionOutput(skipped));
                case MLP -> Edit.zero(Site.mlpOutput(skipped));
            };
            Activations run = new RunPlan(model, tokens, Edits.of(edit.from(1))).activations(streams);
            for (int changed = skipped + 1; changed < 3; changed++) {
                assertThat(found[skipped][changed])
                        .as("%s without block %d", changed, skipped)
                        .isCloseTo(largest(run, original, changed), within(1e-5));
            }
        }
    }

    private static double largest(Activations run, Activations original, int block) {
        float[] in = run.at(Site.residual(block)).array();
        float[] out = run.at(Site.residual(block + 1)).array();
        float[] oldIn = original.at(Site.residual(block)).array();
        float[] oldOut = original.at(Site.residual(block + 1)).array();
        int width = model.config().width();
        double largest = 0;
        for (int position = 0; position < in.length / width; position++) {
            double change = 0;
            double length = 0;
            for (int i = position * width; i < (position + 1) * width; i++) {
                double old = (double) oldOut[i] - oldIn[i];
                double difference = (double) out[i] - in[i] - old;
                change += difference * difference;
                length += old * old;
            }
            largest = Math.max(largest, Math.sqrt(change / length));
        }
        return largest;
    }

    /** No block stands between a block and the next, so nothing can cascade; attention alone also moves its own MLP. */
    @Test
    void withoutABlockBetweenTheLocalEffectIsTheWholeEffect() {
        for (SkippedPart part : List.of(SkippedPart.BLOCK, SkippedPart.MLP)) {
            SkipPlan plan = skip().with(SkipOptions.DEFAULT.part(part));
            double[][] current = plan.current().values().effect();
            double[][] local = plan.local().values().effect();
            for (int skipped = 0; skipped < 2; skipped++) {
                assertThat(local[skipped][skipped + 1]).isCloseTo(current[skipped][skipped + 1], within(1e-5));
            }
            assertThat(local[0][2]).as("block 1 is not seen to change").isNotCloseTo(current[0][2], within(1e-4));
        }
    }

    /** In parallel blocks the MLP does not read what attention adds. */
    @Test
    void inParallelBlocksTheLocalEffectOfAttentionOnTheNextBlockIsTheWholeEffect() {
        try (var parallel = Fixtures.model("gpt-neox")) {
            SkipPlan plan = DepthUse.of(parallel, PROMPTS).skip().attention();
            double[][] current = plan.current().values().effect();
            double[][] local = plan.local().values().effect();
            assertThat(local[0][1]).isCloseTo(current[0][1], within(1e-5));
            assertThat(local[1][2]).isCloseTo(current[1][2], within(1e-5));
        }
    }

    @Test
    void promptsOfSeveralLengthsHaveTheEffectsTheyHaveAlone() {
        SkipEffect.Values together = skip().current().values();
        for (int prompt = 0; prompt < PROMPTS.size(); prompt++) {
            SkipEffect.Values alone = skip(PROMPTS.get(prompt)).current().values();
            for (int skipped = 0; skipped < 3; skipped++) {
                assertThat(together.outputByTrial()[prompt][skipped]).isCloseTo(alone.output()[skipped], within(1e-6));
                for (int changed = 0; changed < 3; changed++) {
                    assertThat(together.effectByTrial()[prompt][skipped][changed])
                            .isCloseTo(alone.effect()[skipped][changed], within(1e-5));
                }
            }
        }
    }

    @Test
    void anotherRuleIsAppliedToTheSameEffects() {
        SkipEffect found = skip().current();
        double[] one = Arrays.stream(found.values().effectByTrial())
                .mapToDouble(trial -> trial[0][2])
                .sorted()
                .toArray();
        assertThat(found.values().effect()[0][2]).isEqualTo(one[4]);
        assertThat(found.aggregation(Aggregation.MEAN).values().effect()[0][2])
                .isCloseTo(Arrays.stream(one).average().orElseThrow(), within(1e-15));
        assertThat(found.aggregation(Aggregation.P90).values().effect()[0][2])
                .as("3.6 places into 5 numbers")
                .isCloseTo(0.4 * one[3] + 0.6 * one[4], within(1e-15));
    }

    /** 24 tokens have t = 8 and 16, 17 have 8 alone, 9 have none. */
    @Test
    void theEffectOnFutureTokensIsMeasuredAtSeveralCutsOfEveryPrompt() {
        SkipEffect found = skip().future();
        assertThat(found.values().effectByTrial()).hasNumberOfRows(2 + 2 + 1 + 2);
        assertThat(found.explain().facts()).containsEntry("seed", "123");
        assertThat(found.explain().notes()).contains("1 of 5 prompts were too short and left out");
        assertThat(found.values().effect()[0][1]).isPositive();
        assertThat(skip().seed(7).future().values().effect())
                .as("all cuts were drawn")
                .isEqualTo(found.values().effect());
        assertThat(skip().with(SkipOptions.DEFAULT.cuts(1)).future().values().effectByTrial())
                .hasNumberOfRows(4);
    }

    @Test
    void aPromptThatIsTooShortForAFutureIsRefused() {
        assertThatThrownBy(
                        () -> DepthUse.of(model, Fixtures.prompts(12, 3)).skip().future())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "effect on future tokens: the longest prompt has 12 tokens; need at least 13, so that 8 can be read before a cut and more than 4 after it");
        assertThat(DepthUse.of(model, Fixtures.prompts(13))
                        .skip()
                        .future()
                        .values()
                        .output())
                .hasSize(3);
    }

    @Test
    void aPromptOfOneTokenHasNothingToSkip() {
        assertThatThrownBy(() -> DepthUse.of(model, Fixtures.prompts(1)).skip().current())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the longest prompt has 1 tokens; need at least 2, as position 0 is never skipped");
        SkipEffect found = DepthUse.of(model, Fixtures.prompts(1, 5)).skip().current();
        assertThat(found.values().effectByTrial()).hasNumberOfRows(1);
        assertThat(found.explain().notes()).contains("1 of 2 prompts were too short and left out");
    }

    @Test
    void aRunWithEditsIsRefused() {
        var plan = new RunPlan(model, PROMPTS.getFirst(), Edits.of(Edit.zero(Site.mlpOutput(1))));
        assertThatThrownBy(() -> DepthUse.of(plan).skip().current())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blocks are skipped in plain runs only");
    }

    /** Later blocks of the first skip are done when the interrupt is heard. */
    @Test
    void anInterruptKeepsWhatIsDone() {
        Thread.currentThread().interrupt();
        SkipEffect found = skip().current();
        assertThat(Thread.interrupted()).as("the interrupt was heard").isFalse();
        assertThat(found.isComplete()).isFalse();
        assertThat(found.values().effect()[1][2]).isNaN();
        assertThat(found.values().output()[2]).isNaN();
        assertThat(found.table().plainText()).contains("not complete: stopped after 0 of 5 trials: interrupted");
        assertThat(found.explain().notes().toString()).contains("stopped after 0 of 5 trials");
        assertThat(found.plot().tree().toString()).contains("stopped early");
        assertThat(found.score().values().getFirst().score()).isNaN();
        RoundTrip.check(found);
        RoundTrip.check(found.score());
    }

    @Test
    void anEncoderHasEffectsButNoOutputAndNoFuture() {
        try (var encoder = Fixtures.model("bert")) {
            SkipPlan plan = DepthUse.of(encoder, PROMPTS).skip();
            SkipEffect found = plan.current();
            assertThat(found.values().effect()[0][2]).isPositive();
            assertThat(found.values().output()).containsOnly(Double.NaN);
            assertThat(found.explain().notes())
                    .contains("no output effect: a model of family bert gives no logits")
                    .anyMatch(note -> note.startsWith("post-norm model"));
            assertThatThrownBy(plan::future)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a model of family bert has no future tokens");
            RoundTrip.check(found);
        }
    }

    @Test
    void everyResultComesBackFromItsJson() {
        RoundTrip.check(skip().current());
        RoundTrip.check(skip().attention().future());
        RoundTrip.check(skip().withoutOutput().local());
        assertThat(skip().withoutOutput().current().table().csv()).contains("0");
        assertThat(skip().current().outputPlot().tree().toString()).contains("skipped block");
        assertThat(skip().withoutOutput().current().linePlot().tree().toString())
                .doesNotContain("output");
    }
}
