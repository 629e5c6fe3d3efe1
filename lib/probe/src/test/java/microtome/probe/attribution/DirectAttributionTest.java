package microtome.probe.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Precision;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.Tap;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectAttributionTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(5, 17, 96, 0, 42, 8, 8);
    private static final LogitMetric DIFFERENCE = new LogitMetric.Difference(11, 60);
    /** The bound on every tensor of a tiny model in float32. */
    private static final double NEAR = 2e-5;

    @ParameterizedTest
    @CsvSource({
        "llama-tied,reference",
        "llama-tied,cpu",
        "llama-rope3,reference",
        "llama-rope3,cpu",
        "gpt2,reference",
        "gpt2,cpu",
        "gpt-neox,reference",
        "gemma2,reference",
        "gemma2,cpu",
        "gemma3,reference",
        "olmo2,reference",
        "phi3,reference",
        "qwen2,reference",
        "qwen3,reference",
        "mistral-window,reference"
    })
    void partsSumToTheLogitsOfTheModelForEveryMetricAndPosition(String folder, String backend) {
        try (var model = TinyOne.fixture(folder, backend)) {
            float[] logits = uncapped(model, TOKENS);
            float[] capped = logits(model, TOKENS);
            for (var metric : List.of(DIFFERENCE, new LogitMetric.Logit(3), new LogitMetric.AboveMean(3))) {
                for (int position : new int[] {0, 3, 6}) {
                    DirectAttribution.Values found = Attribution.of(model, TOKENS, metric)
                            .position(position)
                            .direct()
                            .values();
                    double expected = of(metric, Arrays.copyOfRange(logits, position * 97, (position + 1) * 97));
                    assertThat(found.sum()).as("%s at %d", metric, position).isCloseTo(expected, within(NEAR));
                    assertThat(found.metric()).isCloseTo(expected, within(NEAR));
                    double own = of(metric, Arrays.copyOfRange(capped, position * 97, (position + 1) * 97));
                    assertThat(found.ofModel()).isCloseTo(own, within(NEAR));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void partsListedOneByOneSumToTheMetric(String folder) {
        try (var model = TinyOne.fixture(folder, "reference")) {
            DirectAttribution found = Attribution.of(model, TOKENS, DIFFERENCE).direct();
            assertThat(found.parts()).hasSize(2 + 3 * (4 + 2));
            double sum = found.parts().stream()
                    .mapToDouble(DirectAttribution.Part::logits)
                    .sum();
            assertThat(sum + found.values().constant()).isCloseTo(found.values().metric(), within(NEAR));
        }
    }

    @Test
    void theAccumulatedCurveIsTheStreamReadWithTheLastScale() {
        try (var model = TinyOne.fixture("llama-tied", "reference")) {
            DirectAttribution.Values found =
                    Attribution.of(model, TOKENS, DIFFERENCE).direct().values();
            double sum = found.embedding() + found.constant();
            assertThat(found.accumulated()[0]).isCloseTo(sum, within(NEAR));
            for (int block = 0; block < 3; block++) {
                sum += found.attention()[block] + found.mlp()[block];
                assertThat(found.accumulated()[block + 1]).isCloseTo(sum, within(NEAR));
            }
        }
    }

    /** The direction comes from the model at the stream 0; here it comes from a pass in which the scale is held. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3", "gpt2", "gpt-neox", "gemma2", "olmo2"})
    void theDirectionIsTheGradientOfTheLogitsWithTheScaleHeld(String folder) {
        try (var model = TinyOne.fixture(folder, "reference");
                var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            Site scale = new Site(Kind.FINAL_NORM_SCALE, 0);
            Site logits = model.config().logitCap() > 0 ? Site.uncappedLogits() : Site.logits();
            Site end = Site.residual(model.config().blocks());
            var harvest = new Harvest(scope, List.of(end, scale, logits));
            model.run(
                    List.of(TOKENS),
                    Tap.all(List.of(harvest, new Edit(scale::equals, (_, value) -> value.stopGradient()))));
            Tensor last = harvest.get(logits).slice(1, 6, 7);
            float[] gradient = tape.gradient(DIFFERENCE.of(last), harvest.get(end))
                    .slice(1, 6, 7)
                    .toFloats();
            float held = harvest.get(scale).slice(1, 6, 7).toFloats()[0];
            float[] direction = Readout.of(model, DIFFERENCE).direction();
            for (int i = 0; i < direction.length; i++) {
                assertThat((double) direction[i] / held).isCloseTo(gradient[i], within(NEAR));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3", "qwen3", "mistral-window"})
    void aHeadsPartIsWhatAttentionWritesWhenAllOtherHeadsOfTheBlockAreSilent(String folder) {
        try (var model = TinyOne.fixture(folder, "reference")) {
            DirectAttribution.Values found =
                    Attribution.of(model, TOKENS, DIFFERENCE).direct().values();
            Readout readout = Readout.of(model, DIFFERENCE);
            double scale = lastOf(model, new Site(Kind.FINAL_NORM_SCALE, 0), Tap.NONE)[0];
            for (int block = 0; block < 3; block++) {
                for (int head = 0; head < 4; head++) {
                    Site mixed = Site.headOutput(block);
                    int alone = head;
                    var silent = new Edit(mixed::equals, (_, value) -> only(value, alone));
                    float[] written = lastOf(model, Site.attentionOutput(block), silent);
                    assertThat(found.heads()[block][head])
                            .as("head %d.%d", block, head)
                            .isCloseTo(readout.along(written, 0) / scale, within(NEAR));
                }
                assertThat(found.attentionBias()[block]).isCloseTo(0, within(NEAR)); // no bias here
            }
        }
    }

    /** Where biases are, they are what attention adds beyond its heads; where positions are learned, so are their parts. */
    @Test
    void biasesAndLearnedPositionsHaveTheirParts() {
        try (var model = TinyOne.fixture("gpt2", "reference")) {
            DirectAttribution.Values found =
                    Attribution.of(model, TOKENS, DIFFERENCE).direct().values();
            Readout readout = Readout.of(model, DIFFERENCE);
            double scale = lastOf(model, new Site(Kind.FINAL_NORM_SCALE, 0), Tap.NONE)[0];
            float[] position = lastOf(model, new Site(Kind.POSITION_EMBEDDING, 0), Tap.NONE);
            assertThat(found.position()).isNotZero().isCloseTo(readout.along(position, 0) / scale, within(NEAR));
            for (int block = 0; block < model.config().blocks(); block++) {
                Site mixed = Site.headOutput(block);
                var silent = new Edit(mixed::equals, (_, value) -> value.times(0));
                float[] bias = lastOf(model, Site.attentionOutput(block), silent);
                assertThat(found.attentionBias()[block]).isCloseTo(readout.along(bias, 0) / scale, within(NEAR));
            }
            assertThat(found.constant()).isNotZero();
        }
    }

    /** With a norm after attention, its denominator is held: heads are linear parts of what attention added. */
    @ParameterizedTest
    @ValueSource(strings = {"gemma2", "gemma3", "olmo2"})
    void headsBehindANormAreSplitWithItsScaleHeld(String folder) {
        try (var model = TinyOne.fixture(folder, "reference")) {
            DirectAttribution.Values found =
                    Attribution.of(model, TOKENS, DIFFERENCE).direct().values();
            Readout readout = Readout.of(model, DIFFERENCE);
            double scale = lastOf(model, new Site(Kind.FINAL_NORM_SCALE, 0), Tap.NONE)[0];
            for (int block = 0; block < model.config().blocks(); block++) {
                Site mixed = Site.headOutput(block);
                Site denominator = new Site(Kind.ATTENTION_POST_NORM_SCALE, block);
                float[] held = model.activations(TOKENS, List.of(denominator))
                        .at(denominator)
                        .array();
                for (int head = 0; head < 4; head++) {
                    int alone = head;
                    var silent = new Edit(
                            site -> site.equals(mixed) || site.equals(denominator),
                            (site, value) -> site.equals(mixed)
                                    ? only(value, alone)
                                    : model.engine().tensor(held, value.shape().extents()));
                    float[] written = lastOf(model, Site.attentionOutput(block), silent);
                    assertThat(found.heads()[block][head])
                            .as("head %d.%d", block, head)
                            .isCloseTo(readout.along(written, 0) / scale, within(NEAR));
                }
                assertThat(found.attentionBias()[block]).isCloseTo(0, within(NEAR));
            }
        }
    }

    @Test
    void aCapStaysOutsideAndIsTold() {
        try (var model = TinyOne.fixture("gemma2", "reference")) {
            DirectAttribution found = Attribution.of(model, TOKENS, DIFFERENCE).direct();
            assertThat(found.explain().notes())
                    .anyMatch(note -> note.contains("before the family caps them to ±3.0"))
                    .anyMatch(note -> note.contains("after the cap the metric is"));
        }
    }

    @Test
    void anEncoderHasNoLogitsToAttribute() {
        try (var model = TinyOne.fixture("bert", "reference")) {
            assertThatThrownBy(() -> Attribution.of(model, TOKENS, DIFFERENCE))
                    .hasMessageContaining("an encoder gives no logits");
        }
    }

    @Test
    void editsOfTheRunAreSeen() {
        try (var model = TinyOne.fixture("llama-tied", "reference")) {
            Edits silent = Edits.of(microtome.model.edit.Edit.zero(Site.mlpOutput(1)));
            DirectAttribution found = Attribution.of(RunPlan.of(model, TOKENS).with(silent), DIFFERENCE)
                    .direct();
            var plain = Attribution.of(model, TOKENS, DIFFERENCE).direct().values();
            assertThat(found.values().mlp()[1]).isZero();
            assertThat(found.values().metric()).isNotCloseTo(plain.metric(), within(NEAR));
            assertThat(found.values().sum()).isCloseTo(found.values().ofModel(), within(NEAR));
            assertThat(found.explain().facts()).containsKey("edits");
            Edits late = Edits.of(microtome.model.edit.Edit.zero(Site.finalNorm()));
            assertThatThrownBy(() -> Attribution.of(RunPlan.of(model, TOKENS).with(late), DIFFERENCE))
                    .hasMessageContaining("an edit at final_norm would be passed over; edit residual.3 instead");
        }
    }

    @Test
    void aPromptOfOneTokenHasPartsToo() {
        try (var model = TinyOne.fixture("llama-tied", "cpu")) {
            var one = TokenSequence.ofIds(17);
            DirectAttribution found = Attribution.of(model, one, DIFFERENCE).direct();
            assertThat(found.values().sum()).isCloseTo(of(DIFFERENCE, logits(model, one)), within(NEAR));
            assertThat(found.table().rows()).hasSize(4);
        }
    }

    @Test
    void theBundledModelsPartsSumToItsLogitDifference() {
        LanguageModel model = BundledModel.get();
        TokenSequence tokens = BundledModel.tokens("capital");
        LogitMetric metric = LogitMetric.difference(model, " Paris", " Rome");
        Attribution attribution = Attribution.of(model, tokens, metric);
        DirectAttribution direct = attribution.direct();
        float[] row = model.activations(tokens, List.of(Site.logits()))
                .at(Site.logits())
                .row(tokens.size() - 1);
        double expected = (double) row[7042] - row[7268];
        DirectAttribution.Values found = direct.values();
        assertThat(found.sum()).isCloseTo(expected, within(1e-4 * Math.abs(expected)));
        assertThat(found.metric()).isCloseTo(expected, within(1e-4 * Math.abs(expected)));
        assertThat(direct.explain().notes()).noneMatch(note -> note.contains("cap"));
        assertThat(direct.top(5).plainText()).contains("logit of ␣Paris − ␣Rome after ␣is (position 4)");
        assertThat(direct.table().rows()).hasSize(31);
        assertThat(attribution)
                .hasToString(
                        "attribution of the logit of ␣Paris − ␣Rome at position 4 of 5 tokens; ask for direct(), patching(\"another prompt\") or integratedGradients()");
    }

    /** The stream and the parts are F32 in both; only the model's own logits are products of rounded numbers. */
    @Test
    void partsSumToTheMetricInBf16TooAndTheModelsLogitsAreWithinTheirRounding() {
        var options = LoadOptions.DEFAULT.backend("reference").precision(Precision.BF16);
        try (var model = TinyOne.fixture("llama-tied", options)) {
            DirectAttribution found = Attribution.of(model, TOKENS, DIFFERENCE).direct();
            DirectAttribution.Values values = found.values();
            assertThat(values.sum()).isCloseTo(values.metric(), within(NEAR));
            float[] direction = Readout.of(model, DIFFERENCE).direction();
            float[] stream = lastOf(model, Site.residual(3), Tap.NONE);
            double scale = lastOf(model, new Site(Kind.FINAL_NORM_SCALE, 0), Tap.NONE)[0];
            double size = 0;
            for (int i = 0; i < stream.length; i++) {
                size += Math.abs(direction[i] * stream[i]) / scale;
            }
            // stream and gain rounded to 8 bits, each
            assertThat(values.ofModel()).isCloseTo(values.metric(), within(2 * 0x1p-8 * size));
            assertThat(found.explain().notes()).anyMatch(note -> note.contains("BF16"));
        }
    }

    @Test
    void runsLeaveNothingOnTheEngine() {
        try (var model = TinyOne.fixture("llama-tied", "cpu")) {
            var attribution = Attribution.of(model, TOKENS, DIFFERENCE);
            attribution.direct();
            long tensors = model.engine().liveTensors();
            long bytes = model.engine().liveBytes();
            for (int run = 0; run < 20; run++) {
                attribution.direct();
            }
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
            assertThat(model.engine().liveBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void saysWhatIsAllowed() {
        try (var model = TinyOne.fixture("llama-tied", "reference")) {
            assertThatThrownBy(() -> new LogitMetric.Difference(4, 4))
                    .hasMessageContaining("the logit difference of token 4 and itself is always 0");
            assertThatThrownBy(() -> Attribution.of(model, TOKENS, new LogitMetric.Logit(97)))
                    .hasMessage("token id 97: this model has ids 0..96");
            assertThatThrownBy(() -> Attribution.of(model, TOKENS, new LogitMetric.Difference(3, -1)))
                    .hasMessage("token id -1: this model has ids 0..96");
            assertThatThrownBy(() -> Attribution.of(model, TokenSequence.ofIds(), DIFFERENCE))
                    .hasMessageContaining("attribution needs at least 1 token");
            Attribution attribution = Attribution.of(model, TOKENS, DIFFERENCE);
            assertThatThrownBy(() -> attribution.position(7))
                    .hasMessage("position 7 does not exist; the sequence has positions 0..6");
            assertThat(attribution.position(-1).direct().values().metric())
                    .isEqualTo(attribution.direct().values().metric());
        }
    }

    @Test
    void answersAreTextsOfOneToken() {
        LanguageModel model = BundledModel.get();
        assertThatThrownBy(() -> LogitMetric.difference(model, " microtome", " Rome"))
                .hasMessage("' microtome' is not one token but 3: ' micro' 't' 'ome'");
        assertThatThrownBy(() -> LogitMetric.aboveMean(model, "Madrid"))
                .hasMessageContaining("'Madrid' is not one token")
                .hasMessageContaining("' Madrid' is one token");
        assertThatThrownBy(() -> LogitMetric.difference(model, " Paris", " Paris"))
                .hasMessageContaining("the difference of an answer and itself is always 0");
        assertThat(LogitMetric.difference(model, " Paris", " Rome")).isEqualTo(new LogitMetric.Difference(7042, 7268));
        assertThat(LogitMetric.aboveMean(model, " Paris").label(model))
                .isEqualTo("logit of ␣Paris − mean of the vocabulary");
    }

    private static Tensor only(Tensor value, int head) {
        int count = Math.toIntExact(value.extent(2));
        var mask = new float[count];
        mask[head] = 1;
        return value.times(value.engine().tensor(mask, 1, 1, count, 1));
    }

    /** The values of a site at the last position. */
    private static float[] lastOf(LanguageModel model, Site site, Tap edit) {
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(site));
            model.run(List.of(TOKENS), Tap.all(List.of(edit, harvest)));
            return harvest.get(site).slice(1, 6, 7).toFloats();
        }
    }

    private static float[] logits(LanguageModel model, TokenSequence tokens) {
        return model.activations(tokens, List.of(Site.logits()))
                .at(Site.logits())
                .array();
    }

    private static float[] uncapped(LanguageModel model, TokenSequence tokens) {
        Site site = model.config().logitCap() > 0 ? Site.uncappedLogits() : Site.logits();
        return model.activations(tokens, List.of(site)).at(site).array();
    }

    private static double of(LogitMetric metric, float[] row) {
        double mean = 0;
        for (float logit : row) {
            mean += logit / (double) row.length;
        }
        return switch (metric) {
            case LogitMetric.Logit(int token) -> row[token];
            case LogitMetric.Difference(int token, int other) -> (double) row[token] - row[other];
            case LogitMetric.AboveMean(int token) -> row[token] - mean;
        };
    }

    private record Edit(Predicate<Site> where, BiFunction<Site, Tensor, Tensor> edit) implements Tap {
        @Override
        public boolean wants(Site site) {
            return where.test(site);
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            return edit.apply(site, value);
        }
    }
}
