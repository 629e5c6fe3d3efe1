package microtome.probe.depth.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.Goldens;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResidualErasureTest {
    private static AnsweredPrompt asked(LanguageModel model) {
        return AnsweredPrompt.of(model, Fixtures.prompt(), Fixtures.answer());
    }

    private static ResidualErasure erasure(LanguageModel model) {
        return asked(model).erasure(StreamMeans.of(model, Fixtures.texts(), false));
    }

    @ParameterizedTest
    @CsvSource({"llama-tied,reference", "llama-tied,cpu", "gpt2,cpu", "gemma2,cpu"})
    void everyCellIsARunOfTransformers(String name, String backend) {
        try (var model = Fixtures.model(name, backend)) {
            double[][] found = erasure(model).values();
            double[][] expected = Goldens.rows(Fixtures.expected(name).path("erasure"));
            assertThat(found).hasDimensions(expected.length, expected[0].length);
            for (int depth = 0; depth < expected.length; depth++) {
                for (int position = 0; position < expected[depth].length; position++) {
                    assertThat(found[depth][position])
                            .as("depth %d, position %d", depth, position)
                            .isCloseTo(expected[depth][position], within(Fixtures.NEAR));
                }
            }
        }
    }

    /** Section 11: the mean over one vector alone is that vector. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "gpt2", "gemma2", "olmo2"})
    void erasureWithTheMeanOverThatOneVectorChangesNothing(String name) {
        try (var model = Fixtures.model(name, "cpu")) {
            var one = TokenSequence.ofIds(17);
            ResidualErasure found = AnsweredPrompt.of(model, one, TokenSequence.ofIds(3))
                    .erasure(StreamMeans.of(model, List.of(one), false));
            assertThat(found.values()).isDeepEqualTo(new double[4][1]);
            assertThat(found.explain().notes().toString()).contains("one token");
            assertThat(found.plot().png()).isNotEmpty();
        }
    }

    /** What stands after the last block is read where it stands and nowhere else. */
    @Test
    void atTheLastDepthOnlyThePositionsThatAreReadMatter() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            double[] last = erasure(model).values()[3];
            assertThat(Arrays.copyOf(last, 5)).containsOnly(0);
            assertThat(last[5]).isPositive();
            assertThat(last[6]).isPositive();
        }
    }

    /** Later positions are not seen by earlier ones. */
    @Test
    void theErasureOfATokenBehindTheAnswerIsNotSeen() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            StreamMeans means = StreamMeans.of(model, Fixtures.texts(), false);
            double[][] two = asked(model).erasure(means).values();
            double[][] one = AnsweredPrompt.of(model, Fixtures.prompt(), TokenSequence.ofIds(61))
                    .erasure(means)
                    .values();
            assertThat(one[0]).hasSize(6);
            for (int depth = 0; depth < 4; depth++) {
                for (int position = 0; position < 6; position++) {
                    assertThat(one[depth][position]).isLessThanOrEqualTo(two[depth][position] + Fixtures.NEAR);
                }
            }
        }
    }

    @Test
    void manyTokensFallIntoSeveralBatches() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            var ids = new int[60]; // of 60 positions 33 copies make a batch
            Arrays.setAll(ids, i -> (7 * i + 3) % 97);
            StreamMeans means = StreamMeans.of(model, Fixtures.texts(), false);
            double[][] all = AnsweredPrompt.of(model, TokenSequence.ofIds(ids), TokenSequence.ofIds(4))
                    .erasure(means)
                    .values();
            assertThat(all[1]).hasSize(60).doesNotContain(Double.NaN);
            assertThat(all[1][59]).isPositive();
            assertThat(all[2][40]).isPositive();
        }
    }

    @Test
    void aResultComesBackFromItsJson() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            ResidualErasure found = erasure(model);
            RoundTrip.check(found);
            assertThat(found.table().plainText()).contains("emb", "#17");
            assertThat(found.explain().plainText()).contains("3 prompts, 16 positions", "#61 #30", "5 to 6");
        }
    }

    @Test
    void anInterruptKeepsWhatIsDone() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            StreamMeans means = StreamMeans.of(model, Fixtures.texts(), false);
            Thread.currentThread().interrupt();
            ResidualErasure found = asked(model).erasure(means);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(found.values()[3]).containsOnly(Double.NaN);
            assertThat(found.plot().tree().toString()).contains("STOPPED");
            assertThat(found.table().plainText()).contains("not computed: the work was stopped");
            RoundTrip.check(found);
        }
    }

    @Test
    void runsLeaveNothingOnTheEngine() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            erasure(model);
            long tensors = model.engine().liveTensors();
            erasure(model);
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
        }
    }

    @Test
    void meansOfAnotherModelAreRefused() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            var means = new StreamMeans(new double[2][3], 1, "made up");
            assertThatThrownBy(() -> asked(model).erasure(means))
                    .hasMessageContaining("means of 2 depths and width 3")
                    .hasMessageContaining("4 depths of width 32");
            assertThatThrownBy(() -> StreamMeans.of(model, List.of(), false)).hasMessageContaining("at least one");
        }
    }

    @Test
    void whatCannotBeAskedSaysWhy() {
        try (var model = Fixtures.model("llama-tied", "cpu");
                var encoder = Fixtures.model("bert", "cpu")) {
            assertThatThrownBy(() -> AnsweredPrompt.of(model, Fixtures.prompt(), TokenSequence.ofIds()))
                    .hasMessageContaining("the answer has no tokens");
            assertThatThrownBy(() -> AnsweredPrompt.of(RunPlan.of(model, Fixtures.prompt()), ""))
                    .hasMessageContaining("the answer has no tokens");
            assertThatThrownBy(() -> AnsweredPrompt.of(model, TokenSequence.ofIds(), Fixtures.answer()))
                    .hasMessageContaining("the prompt needs at least 1 token");
            assertThatThrownBy(() -> AnsweredPrompt.of(model, Fixtures.prompt(), TokenSequence.ofIds(97)))
                    .hasMessageContaining("ids 0..96");
            assertThatThrownBy(() -> AnsweredPrompt.of(encoder, Fixtures.prompt(), Fixtures.answer()))
                    .hasMessageContaining("models of family bert have none");
            var edited = new RunPlan(
                    model,
                    Fixtures.prompt(),
                    Edits.of(Edit.replace(
                            Site.residual(1), model.activations(Fixtures.prompt(), List.of(Site.residual(1))))));
            assertThatThrownBy(() -> AnsweredPrompt.of(edited, "x")).hasMessageContaining("ask a run without edits");
        }
    }
}
