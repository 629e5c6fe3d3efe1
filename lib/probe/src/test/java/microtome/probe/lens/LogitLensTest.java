package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import microtome.display.InterruptedWorkException;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.Goldens;
import microtome.tensor.WaitInterruptedException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the real model, and what transformers computed with its weights in float32. */
class LogitLensTest {
    /** Ten times the difference between float32 and float64 in the reference itself. */
    private static final Offset<Double> LOGIT = within(3e-4);

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = BundledModel.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph", "code", "unicode"})
    void everyDepthAgreesWithTransformers(String prompt) {
        JsonNode golden = Goldens.at("lens", prompt);
        TokenSequence tokens = BundledModel.tokens(prompt);
        assertThat(tokens.ids()).containsExactly(Goldens.integers(golden.get("tokens")));
        LensTop.Values ours =
                LogitLens.of(model, tokens).positions(LensPositions.LAST).top(3).values();
        double[][] logits = Goldens.rows(golden.get("logits"));
        assertThat(ours.ids()).hasNumberOfRows(31);
        for (int depth = 0; depth < 31; depth++) {
            assertThat(ours.ids()[depth][0])
                    .as("%s, depth %d", prompt, depth)
                    .containsExactly(Goldens.integers(golden.get("ids").get(depth)));
            for (int rank = 0; rank < 3; rank++) {
                assertThat((double) ours.logits()[depth][0][rank]).isCloseTo(logits[depth][rank], LOGIT);
            }
        }
        double logSumExp = golden.get("logSumExp").doubleValue();
        assertThat(ours.logSumExp()[30][0]).isCloseTo(logSumExp, LOGIT);
        // the exponent is a difference of two numbers that are each within 3e-4
        assertThat(ours.probabilities()[30][0][0])
                .isCloseTo(Math.exp(logits[30][0] - logSumExp), within(Math.expm1(6e-4)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph"})
    void theLastDepthGivesTheModelsOwnLogits(String prompt) {
        TokenSequence tokens = BundledModel.tokens(prompt);
        Values own = model.activations(tokens, List.of(Site.logits())).at(Site.logits());
        LensTop.Values lens = LogitLens.of(model, tokens).top(50).values();
        for (int position = 0; position < tokens.size(); position++) {
            float[] row = own.row(position);
            assertThat(lens.logSumExp()[30][position]).isCloseTo(logSumExp(row), LOGIT);
            for (int rank = 0; rank < 50; rank++) {
                int id = lens.ids()[30][position][rank];
                assertThat((double) lens.logits()[30][position][rank]).isCloseTo(row[id], LOGIT);
            }
        }
    }

    @Test
    void everyRowIsTheUnembeddingOfItsOwnStream() {
        TokenSequence tokens = BundledModel.tokens("paragraph"); // 31 depths of 64 positions: many slabs
        LensTop.Values lens = LogitLens.of(model, tokens).top(1).values();
        Site site = Site.residual(15);
        float[] stream = model.activations(tokens, List.of(site)).at(site).array();
        float[] logits;
        try (var _ = model.engine().openScope()) {
            int width = model.config().width();
            logits = model.unembed(model.engine().tensor(stream, tokens.size(), width))
                    .toFloats();
        }
        int vocabulary = model.config().vocabulary();
        for (int position = 0; position < tokens.size(); position++) {
            LogitRow.Top top =
                    new LogitRow(Arrays.copyOfRange(logits, position * vocabulary, (position + 1) * vocabulary)).top(1);
            assertThat((double) lens.logits()[15][position][0]).isCloseTo(top.logits()[0], LOGIT);
        }
    }

    @Test
    void theLastPositionAloneReadsTheSameAsAmongAll() {
        TokenSequence tokens = BundledModel.tokens("capital");
        LensTop.Values all = LogitLens.of(model, tokens).top(5).values();
        LensTop.Values last =
                LogitLens.of(model, tokens).positions(LensPositions.LAST).top(5).values();
        for (int depth = 0; depth < 31; depth++) {
            assertThat(last.ids()[depth][0]).containsExactly(all.ids()[depth][4]);
            assertThat(last.probabilities()[depth][0])
                    .containsExactly(all.probabilities()[depth][4], within(Math.expm1(6e-4)));
        }
    }

    @Test
    void oneTokenIsRankedAsTheTopListRanksIt() {
        TokenSequence tokens = BundledModel.tokens("capital");
        LensTop.Values top = LogitLens.of(model, tokens).top(20).values();
        LensToken.Values paris = LogitLens.of(model, tokens).token(7042).values();
        int seen = 0;
        for (int depth = 0; depth < 31; depth++) {
            for (int position = 0; position < 5; position++) {
                for (int rank = 0; rank < 20; rank++) {
                    if (top.ids()[depth][position][rank] == 7042) {
                        seen++;
                        assertThat(paris.ranks()[depth][position]).isEqualTo(rank + 1);
                        assertThat(paris.logits()[depth][position]).isEqualTo(top.logits()[depth][position][rank]);
                        assertThat(paris.probabilities()[depth][position])
                                .isEqualTo(top.probabilities()[depth][position][rank]);
                    }
                }
            }
        }
        assertThat(seen).isPositive();
        assertThat(paris.ranks()[30][4]).isEqualTo(1);
    }

    @Test
    void aTokenMayBeGivenByItsText() {
        TokenSequence tokens = BundledModel.tokens("capital");
        LensToken byText = LogitLens.of(model, tokens).token(" Paris");
        assertThat(byText.id()).isEqualTo(7042);
        assertThat(byText.table().plainText()).contains("␣Paris");
        assertThat(LogitLens.of(model, tokens).top(1).token(30, 4, 0)).isEqualTo(" Paris");
    }

    @Test
    void aTextOfSeveralTokensShowsThem() {
        LogitLens lens = LogitLens.of(model, BundledModel.tokens("capital"));
        assertThatThrownBy(() -> lens.token(" microtome"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("' microtome' is not one token but 3: ' micro' 't' 'ome'");
        assertThatThrownBy(() -> lens.token("")).hasMessageContaining("not one token but 0");
    }

    @Test
    void anEmptyPromptSaysSo() {
        TokenSequence nothing = model.tokenizer().encode("");
        for (LensPositions positions : LensPositions.values()) {
            LogitLens lens = LogitLens.of(model, nothing).positions(positions);
            assertThatThrownBy(() -> lens.top(5)).hasMessageContaining("the prompt has no tokens");
            assertThatThrownBy(() -> lens.token(1)).hasMessageContaining("the prompt has no tokens");
        }
    }

    @Test
    void saysWhatIsAllowed() {
        LogitLens lens = LogitLens.of(model, BundledModel.tokens("capital"));
        assertThatThrownBy(() -> lens.top(0)).hasMessageContaining("top(0): give 1 to 49152");
        assertThatThrownBy(() -> lens.top(49153)).hasMessageContaining("give 1 to 49152");
        assertThatThrownBy(() -> lens.token(49152)).hasMessage("token id 49152: this model has ids 0..49151");
        assertThatThrownBy(() -> lens.token(-1)).hasMessageContaining("ids 0..49151");
    }

    @Test
    void hundredRunsLeaveNothingOnTheEngine() {
        assumeFalse(model.engine().device().backend().equals("reference"), "minutes on the reference backend");
        LogitLens lens = LogitLens.of(model, BundledModel.tokens("capital")).positions(LensPositions.LAST);
        lens.top(5);
        long tensors = model.engine().liveTensors();
        long bytes = model.engine().liveBytes();
        for (int run = 0; run < 100; run++) {
            lens.top(5);
        }
        assertThat(model.engine().liveTensors()).isEqualTo(tensors);
        assertThat(model.engine().liveBytes()).isEqualTo(bytes);
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        LogitLens lens = LogitLens.of(model, BundledModel.tokens("paragraph"));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> lens.top(5))
                    .isInstanceOfAny(InterruptedWorkException.class, WaitInterruptedException.class);
        } finally {
            Thread.interrupted(); // so that the next test is not stopped
        }
    }

    @Test
    void aPlanThatIsShownShowsItsResult() {
        LogitLens lens = LogitLens.of(model, BundledModel.tokens("capital"));
        assertThat(lens)
                .hasToString("logit lens over 31 depths and all of 5 tokens; ask for top(5) or token(\" word\")");
        assertThat(lens.plainText()).contains("␣Paris");
        assertThat(lens.top(5).explain().facts().get("tokens"))
                .isEqualTo("The (504) ␣capital (3575) ␣of (282) ␣France (4649) ␣is (314)");
    }

    private static double logSumExp(float[] row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }
}
