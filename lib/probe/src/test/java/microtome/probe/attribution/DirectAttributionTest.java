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
    @CsvSource({"llama-tied,reference", "llama-tied,cpu", "llama-rope3,reference", "llama-rope3,cpu"})
    void partsSumToTheLogitsOfTheModelForEveryMetricAndPosition(String folder, String backend) {
        try (var model = TinyOne.fixture(folder, backend)) {
            float[] logits = logits(model, TOKENS);
            for (var metric : List.of(DIFFERENCE, new LogitMetric.Logit(3), new LogitMetric.AboveMean(3))) {
                for (int position : new int[] {0, 3, 6}) {
                    DirectAttribution.Values found = Attribution.of(model, TOKENS, metric)
                            .position(position)
                            .direct()
                            .values();
                    double expected = of(metric, Arrays.copyOfRange(logits, position * 97, (position + 1) * 97));
                    assertThat(found.sum()).as("%s at %d", metric, position).isCloseTo(expected, within(NEAR));
                    assertThat(found.metric()).isCloseTo(expected, within(NEAR));
                    assertThat(found.ofModel()).isCloseTo(expected, within(NEAR));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void partsListedOneByOneSumToTheMetric(String folder) {
        try (var model = TinyOne.fixture(folder, "reference")) {
            DirectAttribution found = Attribution.of(model, TOKENS, DIFFERENCE).direct();
            assertThat(found.parts()).hasSize(1 + 3 * (4 + 2));
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
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void theDirectionIsTheGradientOfTheLogitsWithTheScaleHeld(String folder) {
        try (var model = TinyOne.fixture(folder, "reference");
                var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            Site scale = new Site(Kind.FINAL_NORM_SCALE, 0);
            var harvest = new Harvest(scope, List.of(Site.residual(3), scale, Site.logits()));
            model.run(
                    List.of(TOKENS),
                    Tap.all(List.of(harvest, new Edit(scale::equals, (_, value) -> value.stopGradient()))));
            Tensor last = harvest.get(Site.logits()).slice(1, 6, 7);
            float[] gradient = tape.gradient(DIFFERENCE.of(last), harvest.get(Site.residual(3)))
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
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
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
        assertThat(direct.explain().notes()).noneMatch(note -> note.contains("caps"));
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
