package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bundled model against {@code transformers} in float32, with the tolerances of the data's own page: its weights decoded
 * when it is loaded, and decoded in every product.
 */
@ParameterizedClass
@EnumSource(
        value = Weights.class,
        names = {"F32", "AS_STORED"})
class SmolLm2ReferenceTest {
    private static final double RESIDUAL_RELATIVE = 1e-5;
    private static final double FINAL_NORM_ABSOLUTE = 2e-4;
    private static final double LOGIT_ABSOLUTE = 3e-4;
    private static final double PATTERN_ABSOLUTE = 1e-5;

    private static LanguageModel model;
    private static ReferenceData expected;

    @Parameter
    private Weights weights;

    @BeforeParameterizedClassInvocation
    static void load(Weights weights) {
        model = LanguageModel.load(BundledModelFile.files(), LoadOptions.DEFAULT.weights(weights));
        expected = ReferenceData.open("smollm2/expected.safetensors");
    }

    @AfterParameterizedClassInvocation
    static void close() {
        if (model != null) {
            expected.close();
            model.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph", "code", "unicode"})
    void everyResidualOfTheLastPositionAgrees(String prompt) {
        Activations ours = model.activations(tokens(prompt), residuals());
        float[] theirs = expected.floats(prompt + ".resid_last");
        int width = model.config().width();
        for (int depth = 0; depth <= model.config().blocks(); depth++) {
            float[] row = ours.at(Site.residual(depth)).row(tokens(prompt).size() - 1);
            assertRelative(prompt + " depth " + depth, row, slice(theirs, depth, width), RESIDUAL_RELATIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph", "code", "unicode"})
    void finalNormLogitsAndNormaliserAgree(String prompt) {
        int last = tokens(prompt).size() - 1;
        Activations ours = model.activations(tokens(prompt), List.of(Site.finalNorm(), Site.logits()));
        assertAbsolute(
                prompt,
                ours.at(Site.finalNorm()).row(last),
                expected.floats(prompt + ".final_norm_last"),
                FINAL_NORM_ABSOLUTE);
        float[] logits = ours.at(Site.logits()).row(last);
        int[] top = largest(logits, 20);
        assertThat(top).isEqualTo(expected.ints(prompt + ".top20_ids"));
        float[] topLogits = new float[20];
        for (int i = 0; i < 20; i++) {
            topLogits[i] = logits[top[i]];
        }
        assertAbsolute(prompt, topLogits, expected.floats(prompt + ".top20_logits"), LOGIT_ABSOLUTE);
        assertThat(Math.abs(logSumExp(logits) - expected.floats(prompt + ".logsumexp")[0]))
                .isLessThanOrEqualTo(LOGIT_ABSOLUTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"capital", "paragraph", "code", "unicode"})
    void theGreedyContinuationIsTheSame(String prompt) {
        assertThat(model.greedy(tokens(prompt), 20)).isEqualTo(expected.ints(prompt + ".greedy20_ids"));
    }

    @Test
    void everyPositionOfThePromptAgrees() {
        Activations ours = model.activations(tokens("capital"), residuals());
        float[] theirs = expected.floats("capital.resid_all");
        int width = model.config().width();
        for (int depth = 0; depth <= 30; depth++) {
            for (int position = 0; position < 5; position++) {
                assertRelative(
                        "depth %d position %d".formatted(depth, position),
                        ours.at(Site.residual(depth)).row(position),
                        slice(theirs, depth * 5 + position, width),
                        RESIDUAL_RELATIVE);
            }
        }
        Activations normed = model.activations(tokens("capital"), List.of(Site.finalNorm(), Site.logits()));
        assertAbsolute(
                "final norm",
                normed.at(Site.finalNorm()).array(),
                expected.floats("capital.final_norm_all"),
                FINAL_NORM_ABSOLUTE);
        assertAbsolute(
                "logits", normed.at(Site.logits()).row(4), expected.floats("capital.logits_last"), LOGIT_ABSOLUTE);
    }

    @Test
    void whatAttentionAndMlpAddAgreesAndSumsToTheStream() {
        var sites = new java.util.ArrayList<Site>(List.of(Site.residual(0), Site.residual(30)));
        for (int block = 0; block < 30; block++) {
            sites.add(Site.attentionOutput(block));
            sites.add(Site.mlpOutput(block));
        }
        Activations ours = model.activations(tokens("capital"), sites);
        float[] attention = expected.floats("capital.attn_out_last");
        float[] mlp = expected.floats("capital.mlp_out_last");
        double[] sum = widen(ours.at(Site.residual(0)).array());
        for (int block = 0; block < 30; block++) {
            assertRelative(
                    "attention " + block,
                    ours.at(Site.attentionOutput(block)).row(4),
                    slice(attention, block, 576),
                    RESIDUAL_RELATIVE);
            assertRelative(
                    "MLP " + block, ours.at(Site.mlpOutput(block)).row(4), slice(mlp, block, 576), RESIDUAL_RELATIVE);
            add(sum, ours.at(Site.attentionOutput(block)).array());
            add(sum, ours.at(Site.mlpOutput(block)).array());
        }
        for (int position = 0; position < 5; position++) {
            float[] stream = ours.at(Site.residual(30)).row(position);
            float[] total = new float[576];
            for (int i = 0; i < 576; i++) {
                total[i] = (float) sum[position * 576 + i];
            }
            assertRelative("sum at position " + position, total, stream, RESIDUAL_RELATIVE);
        }
    }

    @Test
    void theAttentionPatternsAgree() {
        Activations ours = model.activations(tokens("capital"), List.of(Site.pattern(0), Site.pattern(15)));
        for (int block : new int[] {0, 15}) {
            assertAbsolute(
                    "pattern " + block,
                    ours.at(Site.pattern(block)).array(),
                    expected.floats("capital.attn_pattern." + block),
                    PATTERN_ABSOLUTE);
        }
    }

    @Test
    void theLossOfEveryTokenAgrees() {
        TokenSequence tokens = tokens("paragraph");
        Values logits = model.activations(tokens, List.of(Site.logits())).at(Site.logits());
        float[] losses = new float[tokens.size() - 1];
        for (int position = 0; position < losses.length; position++) {
            float[] row = logits.row(position);
            losses[position] = (float) (logSumExp(row) - row[tokens.ids()[position + 1]]);
        }
        assertAbsolute("loss", losses, expected.floats("paragraph.token_loss"), LOGIT_ABSOLUTE);
    }

    private static TokenSequence tokens(String prompt) {
        return TokenSequence.ofIds(expected.ints(prompt + ".input_ids"));
    }

    private static List<Site> residuals() {
        return IntStream.rangeClosed(0, 30).mapToObj(Site::residual).toList();
    }

    private static float[] slice(float[] rows, int row, int width) {
        return Arrays.copyOfRange(rows, row * width, (row + 1) * width);
    }

    private static double[] widen(float[] values) {
        var wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private static void add(double[] sum, float[] values) {
        Arrays.setAll(sum, i -> sum[i] + values[i]);
    }

    private static double logSumExp(float[] row) {
        double maximum = Float.NEGATIVE_INFINITY;
        for (float value : row) {
            maximum = Math.max(maximum, value);
        }
        double sum = 0;
        for (float value : row) {
            sum += Math.exp(value - maximum);
        }
        return maximum + Math.log(sum);
    }

    private static int[] largest(float[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Float.compare(values[b], values[a]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void assertRelative(String what, float[] ours, float[] theirs, double bound) {
        assertThat(ReferenceData.relativeError(ours, theirs)).as(what).isLessThanOrEqualTo(bound);
    }

    private static void assertAbsolute(String what, float[] ours, float[] theirs, double bound) {
        assertThat(ours).as(what).hasSameSizeAs(theirs);
        double largest = 0;
        for (int i = 0; i < theirs.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - (double) theirs[i]));
        }
        assertThat(largest).as(what).isLessThanOrEqualTo(bound);
    }
}
