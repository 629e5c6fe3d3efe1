package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuadratureTest {
    @ParameterizedTest
    @EnumSource(Quadrature.class)
    void weightsSumToOneAndPlacesRiseFromZeroToOne(Quadrature quadrature) {
        for (int steps : new int[] {1, 2, 5, 50, 300}) {
            Quadrature.Points points = quadrature.points(steps);
            assertThat(Arrays.stream(points.weights()).sum()).isCloseTo(1, within(1e-13));
            assertThat(points.places()).isSorted();
            assertThat(points.places()[0]).isBetween(0.0, 1.0);
            assertThat(points.places()[points.count() - 1]).isBetween(0.0, 1.0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 50})
    void gaussLegendreIsExactUpToItsDegreeAndNotBeyond(int steps) {
        for (int power = 0; power < 2 * steps; power++) {
            int exponent = power;
            assertThat(sum(Quadrature.GAUSS_LEGENDRE, steps, x -> Math.pow(x, exponent)))
                    .as("x^%d", power)
                    .isCloseTo(1.0 / (power + 1), within(1e-13));
        }
        if (steps <= 3) {
            double beyond = sum(Quadrature.GAUSS_LEGENDRE, steps, x -> Math.pow(x, 2 * steps));
            assertThat(Math.abs(beyond - 1.0 / (2 * steps + 1))).isGreaterThan(1e-5);
        }
    }

    @Test
    void gaussLegendreOfTwoPointsIsTheKnownPair() {
        assertThat(Quadrature.GAUSS_LEGENDRE.points(2).places())
                .containsExactly(new double[] {0.5 - Math.sqrt(3) / 6, 0.5 + Math.sqrt(3) / 6}, within(1e-15));
    }

    @Test
    void middlesAndTrapezoidsConvergeWithTheSquareOfTheSteps() {
        for (Quadrature quadrature : new Quadrature[] {Quadrature.MIDPOINT, Quadrature.TRAPEZOID}) {
            double coarse = Math.abs(sum(quadrature, 10, Math::exp) - Math.expm1(1));
            double fine = Math.abs(sum(quadrature, 20, Math::exp) - Math.expm1(1));
            assertThat(coarse / fine).isCloseTo(4, within(0.02));
        }
    }

    @Test
    void endsConvergeWithTheStepsFromBothSides() {
        double left = sum(Quadrature.LEFT, 10, Math::exp);
        double right = sum(Quadrature.RIGHT, 10, Math::exp);
        assertThat(left).isLessThan(Math.expm1(1));
        assertThat(right).isGreaterThan(Math.expm1(1));
        assertThat(right - left).isCloseTo(Math.expm1(1) / 10, within(1e-12));
    }

    @Test
    void anIntegrationNeedsAStep() {
        assertThatThrownBy(() -> Integration.midpoint(0))
                .hasMessage("integration with 0 steps: give at least 1; 50 is usual");
        assertThat(Integration.gaussLegendre(7)).hasToString("gauss-legendre, 7 steps");
    }

    private static double sum(Quadrature quadrature, int steps, DoubleUnaryOperator function) {
        Quadrature.Points points = quadrature.points(steps);
        double sum = 0;
        for (int i = 0; i < points.count(); i++) {
            sum += points.weights()[i] * function.applyAsDouble(points.places()[i]);
        }
        return sum;
    }
}
