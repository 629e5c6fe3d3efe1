package microtome.probe.geometry.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class ControlsTest {
    private static final int LAYERS = 4;
    private static final int PROMPTS = 400;
    private static final int WIDTH = 3;
    private static final PromptStates STATES = states();

    private static PromptStates states() {
        var random = new SplittableRandom(1);
        var states = new float[LAYERS][PROMPTS][WIDTH];
        for (int layer = 0; layer < LAYERS; layer++) {
            for (float[] row : states[layer]) {
                row[0] = (float) (10 * layer + random.nextGaussian());
                row[1] = row[0] + 0.1f * (float) random.nextGaussian();
                row[2] = 5;
            }
        }
        List<Prompt> prompts = IntStream.range(0, PROMPTS)
                .mapToObj(i -> Prompt.of("p" + i, i < 100 ? "a" : "b"))
                .toList();
        var names = IntStream.range(0, LAYERS).mapToObj(Integer::toString).toList();
        return new PromptStates(new PromptSet("made up", prompts, List.of()), names, states, Origin.given("made up"));
    }

    @Test
    void permutedLabelsAreTheSameLabelsElsewhere() {
        var permuted = ((StatesControl) Control.labelPermutation(42)).of(STATES);
        assertThat(permuted.prompts().labels())
                .isNotEqualTo(STATES.prompts().labels())
                .containsExactlyInAnyOrderElementsOf(STATES.prompts().labels());
        assertThat(permuted.states()).isDeepEqualTo(STATES.states());
    }

    @Test
    void shuffledLayersAreTheSameStatesInAnotherOrder() {
        var shuffled = ((StatesControl) Control.layerShuffle(1)).of(STATES);
        long orders = IntStream.range(0, PROMPTS)
                .mapToObj(prompt -> {
                    List<Float> path = column(shuffled, prompt);
                    assertThat(path).containsExactlyInAnyOrderElementsOf(column(STATES, prompt));
                    return path.stream()
                            .map(value -> column(STATES, prompt).indexOf(value))
                            .toList();
                })
                .distinct()
                .count();
        assertThat(orders).isEqualTo(24);
        var shared = ((StatesControl) Control.sharedLayerShuffle(1)).of(STATES);
        assertThat(IntStream.range(0, PROMPTS)
                        .mapToObj(prompt -> column(shared, prompt).stream()
                                .map(value -> column(STATES, prompt).indexOf(value))
                                .toList())
                        .distinct())
                .hasSize(1);
    }

    /** The standard error of a mean of 400 is 1/20 of the deviation, of a deviation 1/28. */
    @Test
    void gaussianStatesKeepTheMomentsAndLoseTheRest() {
        var drawn = ((StatesControl) Control.gaussian(2)).of(STATES);
        for (int layer = 0; layer < LAYERS; layer++) {
            double[] first = values(drawn, layer, 0);
            assertThat(mean(first)).isCloseTo(mean(values(STATES, layer, 0)), within(3 / Math.sqrt(PROMPTS)));
            assertThat(deviation(first))
                    .isCloseTo(deviation(values(STATES, layer, 0)), within(3 / Math.sqrt(2.0 * PROMPTS)));
            assertThat(values(drawn, layer, 2)).containsOnly(5);
            assertThat(Math.abs(correlation(first, values(drawn, layer, 1)))).isLessThan(3 / Math.sqrt(PROMPTS));
            assertThat(correlation(values(STATES, layer, 0), values(STATES, layer, 1)))
                    .isGreaterThan(0.99);
        }
    }

    @Test
    void theFirstPrincipalComponentIsTheDirectionInWhichStatesVary() {
        var projected = ((StatesControl) Control.principalComponents(1)).of(STATES);
        assertThat(projected.width()).isEqualTo(1);
        double root = Math.sqrt(0.5);
        float[] state = STATES.states()[3][7];
        // Both coordinates vary alike up to a noise of 1 % of the spread, which may turn the direction by as much.
        assertThat(Math.abs(projected.states()[3][7][0]))
                .isCloseTo((float) (root * (state[0] + state[1])), within(0.5f));
        assertThat(((StatesControl) Control.principalComponents(9)).of(STATES).width())
                .as("the third coordinate is constant")
                .isEqualTo(WIDTH - 1);
    }

    @Test
    void moreDimensionsThanStatesHaveTheSameComponents() {
        var few = new float[2][3][50];
        var random = new SplittableRandom(3);
        for (float[][] layer : few) {
            for (float[] row : layer) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = (float) random.nextGaussian();
                }
            }
        }
        var set = new PromptSet("few", List.of(Prompt.of("x", ""), Prompt.of("y", ""), Prompt.of("z", "")), List.of());
        var states = new PromptStates(set, List.of("0", "1"), few, Origin.given("few"));
        var projected = ((StatesControl) Control.principalComponents(6)).of(states);
        double kept = distance(projected.states()[0][0], projected.states()[1][2]);
        assertThat(kept).isCloseTo(distance(few[0][0], few[1][2]), within(1e-5 * kept));
    }

    /** A squared length has a relative deviation of sqrt(2 / 2000) = 3 % in so many random directions. */
    @Test
    void randomProjectionsKeepLengths() {
        var projected = ((StatesControl) Control.randomProjection(2000, 4)).of(STATES);
        float[] none = new float[2000];
        double before = distance(STATES.states()[2][5], new float[WIDTH]);
        assertThat(distance(projected.states()[2][5], none)).isCloseTo(before, within(0.05 * before));
    }

    @Test
    void theSameSeedGivesTheSameStates() {
        for (Control control : List.of(
                Control.gaussian(1),
                Control.layerShuffle(1),
                Control.labelPermutation(1),
                Control.randomProjection(2, 1))) {
            var once = ((StatesControl) control).of(STATES);
            var twice = ((StatesControl) control).of(STATES);
            assertThat(twice.states()).isDeepEqualTo(once.states());
            assertThat(twice.prompts()).isEqualTo(once.prompts());
            assertThat(control.label()).contains("seed 1");
        }
    }

    private static List<Float> column(PromptStates states, int prompt) {
        return Arrays.stream(states.states()).map(layer -> layer[prompt][0]).toList();
    }

    private static double[] values(PromptStates states, int layer, int dimension) {
        return Arrays.stream(states.states()[layer])
                .mapToDouble(row -> row[dimension])
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length);
    }

    private static double correlation(double[] x, double[] y) {
        double product = IntStream.range(0, x.length)
                .mapToDouble(i -> (x[i] - mean(x)) * (y[i] - mean(y)))
                .sum();
        return product / x.length / deviation(x) / deviation(y);
    }

    private static double distance(float[] a, float[] b) {
        return Math.sqrt(IntStream.range(0, a.length)
                .mapToDouble(i -> ((double) a[i] - b[i]) * (a[i] - b[i]))
                .sum());
    }
}
