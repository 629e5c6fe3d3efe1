package microtome.probe.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.data.Integration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntegratedGradientsTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(5, 17, 96, 0, 42, 8);
    private static final TokenSequence OTHER = TokenSequence.ofIds(5, 18, 2, 0, 43, 8);
    private static final LogitMetric METRIC = new LogitMetric.Difference(11, 60);
    /** The bound on every tensor of a tiny model in float32. */
    private static final double NEAR = 2e-5;

    private static LanguageModel model;
    private static Attribution attribution;

    @BeforeAll
    static void load() {
        model = TinyOne.fixture("llama-tied", "cpu");
        attribution = Attribution.of(model, TOKENS, METRIC);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({"llama-tied,reference", "llama-tied,cpu", "llama-rope3,reference", "llama-rope3,cpu"})
    void attributionsSumToTheDifferenceFromTheBaseline(String folder, String backend) {
        try (var small = TinyOne.fixture(folder, backend)) {
            var found = Attribution.of(small, TOKENS, METRIC)
                    .integratedGradients(Baseline.prompt(OTHER), Integration.gaussLegendre(60))
                    .values();
            assertThat(found.sum()).isCloseTo(found.difference(), within(NEAR));
            assertThat(found.tokens()[0]).isZero(); // where both prompts have the same embedding
            assertThat(found.tokens()[3]).isZero();
            double own = Attribution.of(small, TOKENS, METRIC).direct().values().metric();
            double others =
                    Attribution.of(small, OTHER, METRIC).direct().values().metric();
            assertThat(found.metric()).isCloseTo(own, within(NEAR));
            assertThat(found.baseline()).isCloseTo(others, within(NEAR));
        }
    }

    @Test
    void theGapClosesWithTheSquareOfTheSteps() {
        double coarse = gap(Integration.midpoint(20));
        double fine = gap(Integration.midpoint(40));
        assertThat(coarse / fine).isBetween(3.0, 5.0);
    }

    @Test
    void theMeanEmbeddingIsTheMeanOfTheTable() {
        try (var _ = model.engine().openScope()) {
            var embeddings = new Embeddings(model);
            float[] mean = embeddings.of(Baseline.mean(), TOKENS).toFloats();
            var expected = new double[32];
            for (int id = 0; id < 97; id++) {
                float[] row = embeddings.of(TokenSequence.ofIds(id)).toFloats();
                for (int i = 0; i < 32; i++) {
                    expected[i] += row[i] / 97.0;
                }
            }
            for (int i = 0; i < mean.length; i++) {
                assertThat((double) mean[i]).isCloseTo(expected[i % 32], within(1e-6));
            }
        }
    }

    @Test
    void aBaselineMayKeepTheFirstToken() {
        var steps = Integration.midpoint(10);
        double[] kept = attribution
                .integratedGradients(Baseline.token(2).exceptFirst(), steps)
                .values()
                .tokens();
        double[] prompt = attribution
                .integratedGradients(Baseline.prompt(TokenSequence.ofIds(5, 2, 2, 2, 2, 2)), steps)
                .values()
                .tokens();
        assertThat(kept).isEqualTo(prompt);
        assertThat(kept[0]).isZero();
        assertThat(Baseline.token(2).exceptFirst().exceptFirst())
                .isEqualTo(Baseline.token(2).exceptFirst());
    }

    @Test
    void aPromptOfOneTokenHasOneAttribution() {
        IntegratedGradients found =
                Attribution.of(model, TokenSequence.ofIds(17), METRIC).integratedGradients();
        assertThat(found.values().tokens()).hasSize(1);
        assertThat(found.isTrusted()).isTrue();
        assertThat(found.explain().facts()).containsEntry("baseline x0", "the mean embedding");
    }

    @Test
    void aTokenAtEveryPositionIsAPromptOfIt() {
        var steps = Integration.midpoint(10);
        double[] token = attribution
                .integratedGradients(Baseline.token(2), steps)
                .values()
                .tokens();
        double[] prompt = attribution
                .integratedGradients(Baseline.prompt(TokenSequence.ofIds(2, 2, 2, 2, 2, 2)), steps)
                .values()
                .tokens();
        assertThat(token).isEqualTo(prompt);
    }

    @Test
    void theSameMetricAtBothEndsLeavesNothingToShare() {
        IntegratedGradients found = attribution.integratedGradients(Baseline.prompt(TOKENS), Integration.midpoint(3));
        assertThat(found.values().tokens()).containsOnly(0.0);
        assertThat(found.values().gap()).isNaN();
        assertThat(found.isTrusted()).isTrue();
        assertThat(found.table().plainText()).contains("there is nothing to share out");
    }

    @Test
    void laterTokensThanTheOneAskedOfHaveNoPart() {
        double[] tokens = attribution
                .position(2)
                .integratedGradients(Baseline.prompt(OTHER), Integration.midpoint(4))
                .values()
                .tokens();
        assertThat(tokens[1]).isNotZero();
        assertThat(tokens[4]).isZero();
        InputGradients.Values gradients =
                attribution.position(2).gradientTimesInput().values();
        assertThat(gradients.norms()[2]).isPositive();
        assertThat(gradients.norms()[3]).isZero();
    }

    @Test
    void theNormIsThatOfTheGradientThatIsMultiplied() {
        InputGradients.Values found = attribution.gradientTimesInput().values();
        try (var _ = model.engine().openScope()) {
            float[] rows = new Embeddings(model).of(TOKENS).toFloats();
            for (int position = 0; position < TOKENS.size(); position++) {
                double length = 0;
                for (int i = 0; i < 32; i++) {
                    length += Math.pow(rows[position * 32 + i], 2);
                }
                // Cauchy and Schwarz
                assertThat(Math.abs(found.timesInput()[position]))
                        .isLessThanOrEqualTo(found.norms()[position] * Math.sqrt(length) * (1 + 1e-6));
            }
        }
    }

    @Test
    void theBundledModelsTokensExplainItsAnswer() {
        LanguageModel bundled = BundledModel.get();
        TokenSequence tokens = BundledModel.tokens("capital");
        IntegratedGradients found = Attribution.of(bundled, tokens, LogitMetric.difference(bundled, " Paris", " Rome"))
                .integratedGradients();
        assertThat(found.isTrusted()).as(found.table().plainText()).isTrue();
        assertThat(found.table().plainText()).contains("␣France").contains("gap");
        assertThat(found.strip().plainText()).contains("attribution:");
        assertThat(found.explain().facts()).containsEntry("integral", "midpoint, 50 steps");
        assertThat(found.explain().facts()).containsEntry("baseline x0", "the mean embedding except at position 0");
        assertThat(found.values().tokens()[0]).isZero();
        assertThat(found.values().tokens()[3]).isPositive(); // France
    }

    @Test
    void runsLeaveNothingOnTheEngine() {
        var few = Integration.midpoint(3);
        attribution.integratedGradients(Baseline.mean(), few);
        attribution.patching(OTHER, few);
        attribution.gradientTimesInput();
        long tensors = model.engine().liveTensors();
        long bytes = model.engine().liveBytes();
        for (int run = 0; run < 10; run++) {
            attribution.integratedGradients(Baseline.mean(), few);
            attribution.patching(OTHER);
            attribution.patching(OTHER, few);
            attribution.gradientTimesInput();
        }
        assertThat(model.engine().liveTensors()).isEqualTo(tensors);
        assertThat(model.engine().liveBytes()).isEqualTo(bytes);
    }

    @Test
    void aBaselineOfAnotherLengthIsShown() {
        assertThatThrownBy(() -> attribution.integratedGradients(Baseline.prompt(TokenSequence.ofIds(1, 2))))
                .hasMessageContaining("one prompt has 6 tokens and the other 2")
                .hasMessageContaining("[0]#5 [1]#17");
    }

    private static double gap(Integration integration) {
        return attribution
                .integratedGradients(Baseline.prompt(OTHER), integration)
                .values()
                .gap();
    }
}
