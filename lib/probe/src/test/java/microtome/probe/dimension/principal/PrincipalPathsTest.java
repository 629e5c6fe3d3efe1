package microtome.probe.dimension.principal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import microtome.display.MimeTypes;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.dimension.Spectrum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalPathsTest {
    private static final List<String> LAYERS = List.of("emb", "1", "2");

    private static PromptStates states(float[][]... layers) {
        var prompts = new ArrayList<Prompt>();
        for (int prompt = 0; prompt < layers[0].length; prompt++) {
            prompts.add(Prompt.of("prompt " + prompt, prompt % 2 == 0 ? "even" : "odd"));
        }
        return new PromptStates(
                new PromptSet("made up", prompts, List.of()),
                LAYERS.subList(0, layers.length),
                layers,
                Origin.given("made-up states"));
    }

    private static float[][] random(int count, int width, int seed) {
        var random = new SplittableRandom(seed);
        var rows = new float[count][width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = (float) ((i + 1) * random.nextGaussian());
            }
        }
        return rows;
    }

    /** Fewer states than elements, and more. */
    @ParameterizedTest
    @ValueSource(ints = {6, 40})
    void theAxesAreOrthogonalAndTheirVariancesThoseOfTheSpectrum(int count) {
        float[][] rows = random(count, 9, 1);
        var values = PrincipalPaths.of(states(rows), PrincipalOptions.DEFAULT.components(4))
                .values();
        var spectrum = Spectrum.of(rows);
        for (int one = 0; one < 4; one++) {
            assertThat(values.explained()[one]).isCloseTo(spectrum.variances()[one] / spectrum.total(), within(1e-12));
            for (int other = 0; other < 4; other++) {
                double dot = 0;
                for (int i = 0; i < 9; i++) {
                    dot += values.axes()[one][i] * values.axes()[other][i];
                }
                assertThat(dot).isCloseTo(one == other ? 1 : 0, within(1e-12));
            }
            int component = one;
            assertThat(DoubleStream.of(values.axes()[one]).max().orElseThrow())
                    .isEqualTo(DoubleStream.of(values.axes()[one])
                            .map(Math::abs)
                            .max()
                            .orElseThrow());
            double sum = Arrays.stream(values.scores()[0])
                    .mapToDouble(s -> s[component])
                    .sum();
            assertThat(sum).isCloseTo(0, within(1e-10));
        }
    }

    @Test
    void aPathInAPlaneKeepsItsDistances() {
        var layers = new float[3][5][6];
        for (int layer = 0; layer < 3; layer++) {
            for (int prompt = 0; prompt < 5; prompt++) {
                layers[layer][prompt][1] = layer * 3;
                layers[layer][prompt][4] = prompt * prompt - layer;
            }
        }
        var found = PrincipalPaths.of(states(layers), PrincipalOptions.DEFAULT);
        assertThat(DoubleStream.of(found.values().explained()).sum()).isCloseTo(1, within(1e-12));
        double[][][] scores = found.values().scores();
        assertThat(Math.hypot(scores[2][3][0] - scores[0][1][0], scores[2][3][1] - scores[0][1][1]))
                .isCloseTo(Math.hypot(6, 9 - 2 - 1), within(1e-12));
        assertThat(found.table().csv()).contains("emb,5,");
    }

    @Test
    void oneLayerCanBeFittedAndTheOthersAreProjected() {
        var all = states(random(12, 5, 1), random(12, 5, 2), random(12, 5, 3));
        var first = PrincipalPaths.of(all, PrincipalOptions.DEFAULT.fittedTo("1"));
        var alone = PrincipalPaths.of(states(random(12, 5, 2)), PrincipalOptions.DEFAULT);
        assertThat(first.values().scores()[1]).isDeepEqualTo(alone.values().scores()[0]);
        assertThat(first.values().scores()).hasDimensions(3, 12);
        assertThat(first.explain().facts())
                .containsEntry("fitted to", "layer 1")
                .containsEntry("n", "12");
    }

    @Test
    void itComesBackFromItsJsonWithAllItsPictures() {
        var found = PrincipalPaths.of(
                states(random(12, 5, 1), random(12, 5, 2), random(12, 5, 3)), PrincipalOptions.DEFAULT);
        var back = RoundTrip.check(found);
        assertThat(back.meanPlot().tree()).hasToString(found.meanPlot().tree().toString());
        assertThat(back.plot("1").tree()).hasToString(found.plot("1").tree().toString());
        assertThat(back.scoreTable().csv()).isEqualTo(found.scoreTable().csv());
        assertThat(found.mimeBundle()).containsKeys(MimeTypes.PLOTLY, MimeTypes.HTML);
        assertThat(found.plot().plainText()).contains("36 points in 2 groups");
        assertThat(found.meanPlot().plainText()).contains("6 points in 2 groups");
        assertThat(found.plot("emb").plainText()).contains("12 points in 2 groups");
        assertThat(found.scoreTable().rows()).hasSize(36);
    }

    @Test
    void oneComponentLiesOnALine() {
        var found = PrincipalPaths.of(states(random(12, 5, 1)), PrincipalOptions.DEFAULT.components(1));
        assertThat(found.plot("emb").png()).isNotEmpty();
        RoundTrip.check(found);
    }

    @Test
    void statesWithoutADirectionAreLeftOutAndSaySo() {
        float[][] rows = random(12, 5, 1);
        rows[3] = new float[5];
        var found = PrincipalPaths.of(states(rows), PrincipalOptions.DEFAULT.onUnitSphere());
        assertThat(found.values().scores()[0][3]).containsOnly(Double.NaN);
        assertThat(found.values().scores()[0][4]).doesNotContain(Double.NaN);
        assertThat(found.explain().facts()).containsEntry("left out, shorter than 1e-12", "1");
        assertThat(found.scoreTable().plainText()).contains(Projection.NO_DIRECTION);
        assertThat(found.plot().plainText()).contains("1 without a place");
    }

    @Test
    void badInputIsNamed() {
        var all = states(random(3, 5, 1), random(3, 5, 2));
        assertThatThrownBy(() -> PrincipalPaths.of(all, PrincipalOptions.DEFAULT.fittedTo("7")))
                .hasMessage("layer \"7\": there are emb, 1");
        assertThatThrownBy(() -> PrincipalPaths.of(
                        all, PrincipalOptions.DEFAULT.fittedTo("1").components(3)))
                .hasMessage("3 components of 3 states of width 5 (layer 1): there are at most min(n - 1, width) = 2");
        assertThatThrownBy(() -> PrincipalPaths.of(states(new float[4][5]), PrincipalOptions.DEFAULT))
                .hasMessageStartingWith("the states do not vary (all layers)");
        assertThatThrownBy(() -> PrincipalPaths.of(states(random(1, 5, 1)), PrincipalOptions.DEFAULT))
                .hasMessageStartingWith("1 states with a direction");
        float[][] wrong = random(3, 5, 1);
        wrong[2][4] = Float.NaN;
        assertThatThrownBy(() -> PrincipalPaths.of(states(wrong), PrincipalOptions.DEFAULT))
                .hasMessage("layer emb, prompt 2, element 4 is NaN; all numbers must be finite");
        assertThatThrownBy(() -> PrincipalOptions.DEFAULT.components(0)).hasMessage("0 components: need at least 1");
    }
}
