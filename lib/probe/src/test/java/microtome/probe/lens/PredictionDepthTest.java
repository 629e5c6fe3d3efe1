package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.Prompts;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class PredictionDepthTest {
    /** Three depths: the first position is right from the embedding on, the second only at the end, the third in between. */
    private static final PredictionDepth MADE_UP = new PredictionDepth(
            new LensGrid(Prompts.ofTokens(3), 3, 0),
            new int[][] {{5, 6, 6}, {5, 7, 7}, {5, 8, 7}},
            new double[][] {{0.05, 3, 0.01}, {0.02, 2, 0.5}, {0, 0, 0}},
            List.of(new Word(" a", "␣a"), new Word(" b", "␣b"), new Word(" c", "␣c")),
            0.1);

    @Test
    void isZeroWhereTheEmbeddingIsRightAndTheLastWhereNothingElseIs() {
        assertThat(MADE_UP.values().depths()).containsExactly(0, 2, 1);
        assertThat(MADE_UP.values().softDepths()).containsExactly(0, 2, 2);
        assertThat(MADE_UP.mean().value()).isEqualTo(1);
        assertThat(MADE_UP.mean().n()).isEqualTo(3);
        assertThat(MADE_UP.softMean().value()).isCloseTo(4 / 3.0, within(1e-15));
        assertThat(MADE_UP.table().plainText()).contains("␣b", "emb");
        assertThat(MADE_UP.plot().tree().toString()).contains("prediction depth");
        assertThat(MADE_UP.divergencePlot().png()).isNotEmpty();
        RoundTrip.check(MADE_UP);
    }

    @Test
    void agreesWithTheLensOfTheSameRun() {
        LanguageModel model = BundledModel.get();
        TokenSequence tokens = BundledModel.tokens("capital");
        LogitLens lens = LogitLens.of(model, tokens);
        PredictionDepth found = lens.predictionDepth();
        LensTop.Values top = lens.top(1).values();
        PredictionDepth.Values values = found.values();
        for (int depth = 0; depth < 31; depth++) {
            for (int position = 0; position < tokens.size(); position++) {
                assertThat(values.predicted()[depth][position]).isEqualTo(top.ids()[depth][position][0]);
            }
        }
        int last = tokens.size() - 1;
        int expected = 30;
        while (expected > 0 && top.ids()[expected - 1][last][0] == top.ids()[30][last][0]) {
            expected--;
        }
        assertThat(values.depths()[last]).isEqualTo(expected);
        assertThat(Arrays.stream(values.depths())).allMatch(depth -> depth >= 0 && depth <= 30);
        assertThat(Arrays.stream(values.softDepths())).allMatch(depth -> depth >= 0 && depth <= 30);
        assertThat(found.explain().facts()).containsKeys("model", "tokens", "mean depth", "mean soft depth");
        RoundTrip.check(found);
    }

    @Test
    void theDivergenceIsThatOfTheTwoDistributions() {
        LanguageModel model = BundledModel.get();
        TokenSequence tokens = BundledModel.tokens("capital");
        double[][] divergence = LogitLens.of(model, tokens)
                .positions(LensPositions.LAST)
                .predictionDepth()
                .values()
                .divergence();
        int last = tokens.size() - 1;
        double[] end = logProbabilities(model, tokens, Site.residual(30), last);
        for (int depth : new int[] {0, 15, 29}) {
            double[] here = logProbabilities(model, tokens, Site.residual(depth), last);
            double expected = IntStream.range(0, end.length)
                    .mapToDouble(id -> Math.exp(end[id]) * (end[id] - here[id]))
                    .sum();
            // a logit is within 3e-4 of the exact one, and so is a mean of differences of them
            assertThat(divergence[depth][0]).isCloseTo(expected, within(6e-4));
        }
        assertThat(divergence[30][0]).isZero();
        assertThat(divergence[0][0]).isGreaterThan(divergence[29][0]);
    }

    @Test
    void theFirstPositionCanBeLeftOutAndAloneItStays() {
        LanguageModel model = BundledModel.get();
        TokenSequence tokens = BundledModel.tokens("capital");
        PredictionDepth all = LogitLens.of(model, tokens).predictionDepth();
        PredictionDepth without = LogitLens.of(model, tokens)
                .positions(LensPositions.WITHOUT_FIRST)
                .predictionDepth();
        assertThat(without.values().depths())
                .containsExactly(Arrays.copyOfRange(all.values().depths(), 1, tokens.size()));
        assertThat(without.explain().facts()).containsEntry("left out", "positions 0..0");
        assertThat(LensPositions.WITHOUT_FIRST.first(1)).isZero();
    }

    @Test
    void saysWhatIsAllowed() {
        LogitLens lens = LogitLens.of(BundledModel.get(), BundledModel.tokens("capital"));
        assertThatThrownBy(() -> lens.predictionDepth(0)).hasMessageContaining("give more than 0; 0.1 is usual");
    }

    private static double[] logProbabilities(LanguageModel model, TokenSequence tokens, Site site, int position) {
        Values stream = model.activations(tokens, List.of(site)).at(site);
        float[] logits;
        try (var _ = model.engine().openScope()) {
            logits = model.unembed(model.engine()
                            .tensor(stream.row(position), 1, model.config().width()))
                    .toFloats();
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        var result = new double[logits.length];
        for (int id = 0; id < logits.length; id++) {
            result[id] = logits[id] - largest - Math.log(sum);
        }
        return result;
    }
}
