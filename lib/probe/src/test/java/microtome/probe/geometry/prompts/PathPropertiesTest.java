package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.geometry.Curvature;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.Test;

/**
 * What paths must do whatever model made them. States are F32, so a coordinate of size 1 is off by up to 6e-8 and a sum of w
 * products by sqrt(w) times that; angles between steps of about the size of the points inherit it.
 */
class PathPropertiesTest {
    private static final int LAYERS = 9;
    private static final int WIDTH = 12;
    private static final double ROUNDING = 1e-6;
    private static final PromptStates RANDOM =
            MadeUp.states(LAYERS, WIDTH, MadeUp.normal(1), MadeUp.labels(3, "a", "b"));

    @Test
    void aStraightLineHasNoCurvature() {
        var line = MadeUp.states(
                5, 3, (layer, prompt, dimension) -> (prompt + 1) + layer * (dimension + 1), MadeUp.labels(2, "a", "b"));
        var curvature = PromptGeometry.of(line).curvature().values();
        for (double[] angles : curvature.byPrompt()) {
            assertThat(angles).hasSize(3).containsOnly(0.0);
        }
        double step = Math.sqrt(1 + 4 + 9);
        assertThat(PromptGeometry.of(line).summary().of(PathScalar.LENGTH))
                .usingComparatorWithPrecision(ROUNDING)
                .containsOnly(4 * step);
    }

    @Test
    void aRightAngleIsHalfPi() {
        double[][] corner = {{0, 0}, {1, 0}, {2, 0}, {2, 1}, {2, 3}};
        var states = MadeUp.states(5, 2, (layer, prompt, dimension) -> corner[layer][dimension], "a", "b");
        for (double[] angles : PromptGeometry.of(states).curvature().values().byPrompt()) {
            assertThat(angles).containsExactly(new double[] {0, Math.PI / 2, 0}, within(ROUNDING));
        }
    }

    @Test
    void aTurnOnACircleHasOneAngleEverywhere() {
        double turn = 0.3;
        var circle = MadeUp.states(
                8,
                2,
                (layer, prompt, dimension) -> dimension == 0 ? Math.cos(turn * layer) : Math.sin(turn * layer),
                "a",
                "b");
        var plan = PromptGeometry.of(circle);
        assertThat(plan.curvature().values().byPrompt()[0]).containsExactly(repeated(turn, 6), within(ROUNDING));
        assertThat(plan.cosine().values().byPrompt()[0]).containsExactly(repeated(Math.cos(turn), 7), within(ROUNDING));
        assertThat(plan.summary().of(PathScalar.UNIT_LENGTH)[1])
                .isCloseTo(7 * 2 * Math.sin(turn / 2), within(ROUNDING));
    }

    @Test
    void scalingChangesTheRawLengthAlone() {
        double factor = 7;
        var scaled = MadeUp.changed(
                RANDOM, (layer, prompt, dimension) -> factor * RANDOM.states()[layer][prompt][dimension]);
        var before = PromptGeometry.of(RANDOM).summary();
        var after = PromptGeometry.of(scaled).summary();
        for (PathScalar scalar : PathScalar.values()) {
            boolean grows = scalar == PathScalar.LENGTH || scalar == PathScalar.VELOCITY;
            double[] expected = Arrays.stream(before.of(scalar))
                    .map(value -> grows ? factor * value : value)
                    .toArray();
            assertRelative(after.of(scalar), expected);
        }
    }

    @Test
    void readingTheLayersBackwardsLeavesLengthAndCurvature() {
        var backwards = MadeUp.changed(
                RANDOM, (layer, prompt, dimension) -> RANDOM.states()[LAYERS - 1 - layer][prompt][dimension]);
        var before = PromptGeometry.of(RANDOM).summary();
        var after = PromptGeometry.of(backwards).summary();
        for (PathScalar scalar : PathScalar.values()) {
            assertRelative(after.of(scalar), before.of(scalar));
        }
    }

    @Test
    void rotatingEverythingChangesNothing() {
        var rotated =
                MadeUp.changed(RANDOM, (layer, prompt, dimension) -> turned(RANDOM.states()[layer][prompt])[dimension]);
        var before = PromptGeometry.of(RANDOM);
        var after = PromptGeometry.of(rotated);
        for (PathScalar scalar : PathScalar.values()) {
            assertRelative(after.summary().of(scalar), before.summary().of(scalar));
        }
        assertThat(after.convergence().values().index())
                .containsExactly(before.convergence().values().index(), within(ROUNDING));
        assertThat(after.silhouette().means())
                .containsExactly(before.silhouette().means(), within(ROUNDING));
    }

    @Test
    void allPrincipalComponentsAreARotationAndChangeNothing() {
        var before = PromptGeometry.of(RANDOM);
        var after = before.under(Control.principalComponents(WIDTH));
        for (PathScalar scalar : PathScalar.values()) {
            assertRelative(after.summary().of(scalar), before.summary().of(scalar));
        }
        assertThat(after.convergence().values().index())
                .containsExactly(before.convergence().values().index(), within(ROUNDING));
    }

    @Test
    void independentIsotropicPointsTurnBy120DegreesAndStepBySqrt2() {
        int layers = 12;
        int width = 768;
        var states = MadeUp.states(layers, width, MadeUp.normal(5), MadeUp.labels(10, "a", "b"));
        var summary = PromptGeometry.of(states).summary();
        assertMeanWithinThreeErrors(summary.of(PathScalar.CURVATURE), Curvature.ISOTROPIC, 1.0 / width);
        assertMeanWithinThreeErrors(summary.of(PathScalar.UNIT_LENGTH), 11 * Math.sqrt(2), 11 * Math.sqrt(2) / width);
    }

    /** Expectations are those of infinite width; {@code bias} bounds what a finite width adds. */
    private static void assertMeanWithinThreeErrors(double[] values, double expected, double bias) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
        assertThat(mean).isCloseTo(expected, within(3 * Math.sqrt(variance / values.length) + bias));
    }

    /** A product of rotations in the planes of neighbouring coordinates: orthogonal, and it mixes all of them. */
    private static double[] turned(float[] state) {
        double[] turned =
                IntStream.range(0, state.length).mapToDouble(i -> state[i]).toArray();
        for (int i = 0; i + 1 < turned.length; i++) {
            double angle = 0.7 + i;
            double x = turned[i];
            double y = turned[i + 1];
            turned[i] = Math.cos(angle) * x - Math.sin(angle) * y;
            turned[i + 1] = Math.sin(angle) * x + Math.cos(angle) * y;
        }
        return turned;
    }

    private static void assertRelative(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(ROUNDING * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static double[] repeated(double value, int count) {
        return IntStream.range(0, count).mapToDouble(_ -> value).toArray();
    }
}
