package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled model in BF16 against the same float32 reference, with the bounds of the data's own page. */
class SmolLm2Bf16Test {
    private static final double RESIDUAL_RELATIVE = 0.02;
    private static final float LOGIT_ABSOLUTE = 0.3f;

    private static LanguageModel model;
    private static ReferenceData expected;

    @BeforeAll
    static void load() {
        Backends.assume("cpu");
        var options = LoadOptions.DEFAULT.backend("cpu").precision(Precision.BF16);
        model = LanguageModel.load(BundledModelFile.files(), options);
        expected = ReferenceData.open("smollm2/expected.safetensors");
    }

    @AfterAll
    static void close() {
        if (model != null) {
            expected.close();
            model.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph", "code", "unicode"})
    void residualsAndLogitsStayWithinWhatBf16Allows(String prompt) {
        var tokens = TokenSequence.ofIds(expected.ints(prompt + ".input_ids"));
        int last = tokens.size() - 1;
        var sites = IntStream.rangeClosed(0, 30).mapToObj(Site::residual).toList();
        Activations ours = model.activations(tokens, sites);
        float[] theirs = expected.floats(prompt + ".resid_last");
        for (int depth = 0; depth <= 30; depth++) {
            float[] row = ours.at(Site.residual(depth)).row(last);
            float[] reference = Arrays.copyOfRange(theirs, depth * 576, (depth + 1) * 576);
            assertThat(ReferenceData.relativeError(row, reference))
                    .as(prompt + " depth " + depth)
                    .isLessThanOrEqualTo(RESIDUAL_RELATIVE);
        }
        float[] logits = model.activations(tokens, List.of(Site.logits()))
                .at(Site.logits())
                .row(last);
        int[] top = expected.ints(prompt + ".top20_ids");
        float[] topLogits = expected.floats(prompt + ".top20_logits");
        for (int i = 0; i < top.length; i++) {
            assertThat(Math.abs(logits[top[i]] - topLogits[i]))
                    .as(prompt + " id " + top[i])
                    .isLessThanOrEqualTo(LOGIT_ABSOLUTE);
        }
        int best = IntStream.range(0, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
        assertThat(best).as(prompt).isEqualTo(top[0]);
    }
}
