package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of which the integral is known: f of points {@code [points, 2, 3]}. */
class PathIntegralTest {
    private static final Engine ENGINE = Engine.open("reference");
    private static final float[] FROM = {1, -2, 0.5f, 3, 0, -1};
    private static final float[] TO = {2, 1, -0.5f, -1, 4, -1};
    private static final float[] WEIGHTS = {0.5f, -1, 2, 3, -0.25f, 8};
    /** Sums of a few products of numbers below 100 in float32. */
    private static final double ROUNDING = 1e-4;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @EnumSource(Quadrature.class)
    void ofALinearFunctionItIsTheWeightsWithOneStepOfAnyRule(Quadrature quadrature) {
        float[] attributions = attributions(new Integration(quadrature, 1), points -> points.times(weights()));
        for (int i = 0; i < 6; i++) {
            assertThat(attributions[i]).isCloseTo(WEIGHTS[i] * (TO[i] - FROM[i]), within((float) ROUNDING));
        }
    }

    @Test
    void ofAQuadraticFunctionOneMiddleIsEnough() {
        UnaryOperator<Tensor> squares = points -> points.times(points).times(weights());
        for (var integration : List.of(
                Integration.midpoint(1),
                Integration.midpoint(7),
                new Integration(Quadrature.TRAPEZOID, 1),
                Integration.gaussLegendre(1))) {
            float[] attributions = attributions(integration, squares);
            for (int i = 0; i < 6; i++) {
                float exact = WEIGHTS[i] * (TO[i] * TO[i] - FROM[i] * FROM[i]);
                assertThat(attributions[i]).as(integration.toString()).isCloseTo(exact, within((float) ROUNDING));
            }
        }
    }

    @Test
    void ofAProductOfTwoTokensEachGetsTheOthersMeanTimesItsOwnChange() {
        // f = x[0,0] * x[1,1]: the integral of (a + t da) db over t is db (a + da / 2)
        float[] attributions = attributions(
                Integration.midpoint(1),
                points -> points.slice(1, 0, 1)
                        .slice(2, 0, 1)
                        .times(points.slice(1, 1, 2).slice(2, 1, 2)));
        float mean00 = (FROM[0] + TO[0]) / 2;
        float mean11 = (FROM[4] + TO[4]) / 2;
        assertThat(attributions)
                .containsExactly(
                        new float[] {(TO[0] - FROM[0]) * mean11, 0, 0, 0, (TO[4] - FROM[4]) * mean00, 0},
                        within((float) ROUNDING));
    }

    @Test
    void aSumOverTheLeftEndsIsShortByWhatIsKnown() {
        // of w x²: the left sum with n steps misses w dx² / n
        float[] attributions = attributions(
                new Integration(Quadrature.LEFT, 4),
                points -> points.times(points).times(weights()));
        for (int i = 0; i < 6; i++) {
            float change = TO[i] - FROM[i];
            float left = WEIGHTS[i] * (TO[i] * TO[i] - FROM[i] * FROM[i] - change * change / 4);
            assertThat(attributions[i]).isCloseTo(left, within((float) ROUNDING));
        }
    }

    @Test
    void completenessGrowsWithTheSteps() {
        UnaryOperator<Tensor> curved = points -> points.times(0.5).tanh().times(weights());
        double exact = 0;
        for (int i = 0; i < 6; i++) {
            exact += WEIGHTS[i] * (Math.tanh(TO[i] / 2.0) - Math.tanh(FROM[i] / 2.0));
        }
        double before = Double.MAX_VALUE;
        for (int steps : new int[] {1, 2, 4, 8, 16}) {
            double error = Math.abs(sum(attributions(Integration.midpoint(steps), curved)) - exact);
            assertThat(error).as("%d steps", steps).isLessThan(before);
            before = error;
        }
        // 400 points are more than one batch
        assertThat(sum(attributions(Integration.midpoint(400), curved))).isCloseTo(exact, within(ROUNDING));
    }

    private static float[] attributions(Integration integration, UnaryOperator<Tensor> terms) {
        try (var _ = ENGINE.openScope()) {
            var path = new PathIntegral(ENGINE.tensor(FROM, 1, 2, 3), ENGINE.tensor(TO, 1, 2, 3), "test");
            Tensor average = path.averages(integration, (scope, points) -> {
                        Tensor value = terms.apply(points);
                        long each = value.shape().elements() / points.extent(0);
                        Tensor sums =
                                value.reshape(points.extent(0), each).sum(-1).reshape(points.extent(0));
                        return new PathIntegral.Evaluated(sums, List.of(points));
                    })
                    .getFirst();
            return path.difference().times(average).toFloats();
        }
    }

    private static Tensor weights() {
        return ENGINE.tensor(WEIGHTS, 1, 2, 3);
    }

    private static double sum(float[] numbers) {
        double sum = 0;
        for (float number : numbers) {
            sum += number;
        }
        return sum;
    }
}
