package microtome.probe.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.Integration;
import microtome.probe.data.Quadrature;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against an independent program in float64 on a model whose weights anyone can make. */
class GoldenNumbersTest {
    /** The bound on every tensor of a tiny model in float32. */
    private static final Offset<Double> NEAR = within(2e-5);

    @TempDir
    static Path folder;

    private static LanguageModel model;
    private static Attribution attribution;

    @BeforeAll
    static void load() {
        model = TinyOne.load(folder, "reference");
        attribution = Attribution.of(model, TinyOne.CLEAN, TinyOne.METRIC);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theModelIsTheOneThatWasComputed() {
        float[] logits = model.activations(TinyOne.CLEAN, List.of(Site.logits()))
                .at(Site.logits())
                .row(5);
        assertThat(doubles(logits))
                .containsExactly(
                        numbers(
                                -4.219454373,
                                -2.867588818,
                                1.220506344,
                                -2.381525111,
                                -3.6951918,
                                -2.33954487,
                                -0.790148756,
                                -2.894050091,
                                0.715797802,
                                2.138530444,
                                -3.001646584),
                        NEAR);
    }

    @Test
    void partsOfTheLogitDifference() {
        DirectAttribution.Values found = attribution.direct().values();
        assertThat(found.embedding()).isCloseTo(1.900115866, NEAR);
        assertThat(found.attention()).containsExactly(numbers(-2.580323482, 0.003648350), NEAR);
        assertThat(found.heads()[0]).containsExactly(numbers(-2.584271572, 0.003948090), NEAR);
        assertThat(found.heads()[1]).containsExactly(numbers(0.072467081, -0.068818730), NEAR);
        assertThat(found.mlp()).containsExactly(numbers(1.066534864, 0.528048501), NEAR);
        assertThat(found.constant()).isZero();
        assertThat(found.metric()).isCloseTo(0.918024100, NEAR);
        assertThat(found.sum()).isCloseTo(0.918024100, NEAR);
        assertThat(found.ofModel()).isCloseTo(0.918024100, NEAR);
    }

    @Test
    void firstOrderScores() {
        AttributionPatching.Values found = attribution.patching(TinyOne.CORRUPT).values();
        assertThat(found.clean()).isCloseTo(0.918024100, NEAR);
        assertThat(found.corrupt()).isCloseTo(1.988841963, NEAR);
        PatchScores scores = found.noising();
        assertThat(scores.residual()[0]).containsExactly(numbers(0, -0.559112, 0, 0, 0, 0), NEAR);
        assertThat(scores.attention()[0])
                .containsExactly(numbers(0, -0.002506, -0.002093, -0.113049, -0.020669, 1.253269), NEAR);
        assertThat(scores.mlp()[0])
                .containsExactly(numbers(0, 0.039234, -0.001899, -0.096429, -0.001724, 0.310704), NEAR);
        assertThat(scores.residual()[1])
                .containsExactly(numbers(0, 0.041286, 0.002785, -0.126349, -0.012011, 1.171127), NEAR);
        assertThat(scores.attention()[1][5]).isCloseTo(-0.054977, NEAR);
        assertThat(scores.mlp()[1][5]).isCloseTo(0.350671, NEAR);
        assertThat(scores.residual()[2][5]).isCloseTo(1.166610, NEAR);
    }

    @Test
    void scoresOfAveragedGradients() {
        var leftSum = new Integration(Quadrature.LEFT, 5);
        PatchScores scores =
                attribution.patching(TinyOne.CORRUPT, leftSum).values().noising();
        // what all writers give to the end of the stream, of which each is known to six digits
        double written = 0.494526 + 0.093531 + 0.299217 - 0.019497 - 0.129183 + 0.345272;
        assertThat(scores.residual()[2][5]).isCloseTo(written, within(2e-5 + 6 * 5e-7));
        assertThat(Arrays.stream(scores.residual()[0]).sum()).isCloseTo(1.396608, NEAR);
    }

    @Test
    void integratedGradientsFromTheOtherPrompt() {
        assertThat(sum(Quadrature.MIDPOINT, 5)).isCloseTo(-1.072081891, NEAR);
        assertThat(sum(Quadrature.MIDPOINT, 50)).isCloseTo(-1.070857463, NEAR);
        assertThat(sum(Quadrature.LEFT, 50)).isCloseTo(-1.103806128, NEAR);
        assertThat(sum(Quadrature.RIGHT, 50)).isCloseTo(-1.037670889, NEAR);
        assertThat(sum(Quadrature.LEFT, 5)).isCloseTo(-1.396608267, NEAR);
        assertThat(sum(Quadrature.GAUSS_LEGENDRE, 20)).isCloseTo(-1.070817863, NEAR);
    }

    @Test
    void zerosAreNoBaselineForAModelThatNormsFirst() {
        IntegratedGradients found = attribution.integratedGradients(Baseline.zero(), Integration.midpoint(200));
        assertThat(found.values().sum()).isCloseTo(2.369043, NEAR);
        assertThat(found.values().metric()).isCloseTo(0.918024, NEAR);
        assertThat(found.isTrusted()).isFalse();
        assertThat(found.table().plainText())
                .contains("do not read these numbers")
                .contains("zeros");
        assertThat(found.explain().plainText()).contains("do not read these numbers");
    }

    @Test
    void gradientTimesInput() {
        InputGradients.Values found = attribution.gradientTimesInput().values();
        assertThat(found.timesInput())
                .containsExactly(numbers(0.029005, -0.006682, 0.041018, -0.010655, 0.237562, 4.637441), NEAR);
        assertThat(found.metric()).isCloseTo(0.918024100, NEAR);
    }

    private static double sum(Quadrature quadrature, int steps) {
        return attribution
                .integratedGradients(Baseline.prompt(TinyOne.CORRUPT), new Integration(quadrature, steps))
                .values()
                .sum();
    }

    private static double[] numbers(double... numbers) {
        return numbers;
    }

    private static double[] doubles(float[] numbers) {
        var doubles = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            doubles[i] = numbers[i];
        }
        return doubles;
    }
}
