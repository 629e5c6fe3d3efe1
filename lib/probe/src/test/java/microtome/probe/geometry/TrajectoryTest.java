package microtome.probe.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import microtome.probe.Goldens;
import microtome.probe.data.Average;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrajectoryTest {
    private static final int WIDTH = 31;

    /** Sums of 31 terms, a few operations each: some hundred roundings of 1.1e-16, relative to numbers of order 10. */
    private static final Offset<Double> ROUNDING = within(1e-12);

    @Test
    void aStraightLineHasNoCurvature() {
        double[] direction = gaussian(new Random(1), 1, WIDTH)[0];
        var line = Trajectory.of(scaled(direction, 0, 1, 3, 3.5, 10));
        assertThat(line.angles()).containsExactly(new double[] {0, 0, 0}, ROUNDING);
        assertThat(line.length()).isCloseTo(10 * norm(direction), ROUNDING);
    }

    @Test
    void aRightAngleIsHalfPiAndTheWayBackIsPi() {
        assertThat(Trajectory.of(new double[][] {{0, 0}, {2, 0}, {2, 7}}).angles())
                .containsExactly(new double[] {Math.PI / 2}, ROUNDING);
        assertThat(Trajectory.of(new double[][] {{0, 0}, {2, 0}, {1, 0}}).angles())
                .containsExactly(new double[] {Math.PI}, ROUNDING);
    }

    @Test
    void aTinyAngleKeepsItsDigits() {
        double tiny = 1e-9; // an arc cosine would give 0
        assertThat(Trajectory.of(new double[][] {{0, 0}, {1, 0}, {2, tiny}}).angles()[0])
                .isCloseTo(tiny, within(1e-15));
    }

    @Test
    void agreesWithNumpy() {
        JsonNode golden = Goldens.at("geometry", "random");
        var random = new Random(42);
        var path = Trajectory.of(IntStream.range(0, 20)
                .mapToObj(row -> DoubleStream.generate(() -> random.nextDouble() - 0.5)
                        .limit(6)
                        .toArray())
                .toArray(double[][]::new));
        assertThat(path.steps()).containsExactly(Goldens.numbers(golden.get("steps")), ROUNDING);
        assertThat(path.unitSteps()).containsExactly(Goldens.numbers(golden.get("unitSteps")), ROUNDING);
        assertThat(path.angles()).containsExactly(Goldens.numbers(golden.get("angles")), ROUNDING);
        assertThat(path.cosines()).containsExactly(Goldens.numbers(golden.get("cosines")), ROUNDING);
        assertThat(path.length()).isCloseTo(golden.get("length").doubleValue(), ROUNDING);
        assertThat(path.unitLength()).isCloseTo(golden.get("unitLength").doubleValue(), ROUNDING);
        assertThat(Average.of(path.angles()).value())
                .isCloseTo(golden.get("meanAngle").doubleValue(), ROUNDING);
    }

    @Test
    void aRotationChangesNothing() {
        double[][] points = gaussian(new Random(2), 9, WIDTH);
        double[][] turned = times(points, orthogonal(new Random(3), WIDTH));
        assertSame(Trajectory.of(turned), Trajectory.of(points));
        assertThat(Trajectory.of(turned).cosines())
                .containsExactly(Trajectory.of(points).cosines(), ROUNDING);
        assertThat(Trajectory.of(turned).unitSteps())
                .containsExactly(Trajectory.of(points).unitSteps(), ROUNDING);
    }

    @Test
    void scalingChangesTheRawLengthAlone() {
        double[][] points = gaussian(new Random(4), 9, WIDTH);
        var path = Trajectory.of(points);
        var larger = Trajectory.of(Arrays.stream(points)
                .map(point -> Arrays.stream(point).map(x -> 1000 * x).toArray())
                .toArray(double[][]::new));
        assertThat(larger.length() / 1000).isCloseTo(path.length(), ROUNDING);
        assertThat(larger.angles()).containsExactly(path.angles(), ROUNDING);
        assertThat(larger.cosines()).containsExactly(path.cosines(), ROUNDING);
        assertThat(larger.unitSteps()).containsExactly(path.unitSteps(), ROUNDING);
    }

    @Test
    void movingTheOriginLeavesStepsAndAngles() {
        double[][] points = gaussian(new Random(5), 9, WIDTH);
        double[][] moved = Arrays.stream(points)
                .map(point -> Arrays.stream(point).map(x -> x + 3).toArray())
                .toArray(double[][]::new);
        assertSame(Trajectory.of(moved), Trajectory.of(points));
        assertThat(Trajectory.of(moved).cosines()[0])
                .isNotCloseTo(Trajectory.of(points).cosines()[0], within(0.1));
    }

    @Test
    void theWayBackIsAsLongAndAsCurved() {
        double[][] points = gaussian(new Random(6), 9, WIDTH);
        var back =
                Trajectory.of(IntStream.range(0, 9).mapToObj(i -> points[8 - i]).toArray(double[][]::new));
        var path = Trajectory.of(points);
        assertThat(back.length()).isCloseTo(path.length(), ROUNDING);
        assertThat(Average.of(back.angles()).value())
                .isCloseTo(Average.of(path.angles()).value(), ROUNDING);
    }

    /**
     * Independent points without a preferred direction turn by 120 degrees, and step by sqrt 2 on the unit sphere. Both
     * hold in the limit of many dimensions; the cosine's variance, below 1 / width, bends the means by less than that.
     */
    @Test
    void independentPointsTurnByTwoThirdsOfPi() {
        int paths = 200;
        int width = 576;
        var random = new Random(7);
        var angles = new double[paths];
        var steps = new double[paths];
        for (int i = 0; i < paths; i++) {
            var path = Trajectory.of(gaussian(random, 12, width));
            angles[i] = Average.of(path.angles()).value();
            steps[i] = Average.of(path.unitSteps()).value();
        }
        assertThat(Average.of(angles).value())
                .isCloseTo(2 * Math.PI / 3, within(4 * standardError(angles) + 1.0 / width));
        assertThat(Average.of(steps).value()).isCloseTo(Math.sqrt(2), within(4 * standardError(steps) + 1.0 / width));
        assertThat(standardError(angles)).isBetween(0.0, 0.002);
    }

    @Test
    void twoPointsMakeNoTurn() {
        var path = Trajectory.of(new double[][] {{1, 0}, {0, 1}});
        assertThat(path.angles()).isEmpty();
        assertThat(Average.of(path.angles()).value()).isNaN();
        assertThat(path.length()).isCloseTo(Math.sqrt(2), ROUNDING);
    }

    @Test
    void aSinglePointHasNoLength() {
        var path = Trajectory.of(new double[][] {{1, 0}});
        assertThat(path.length()).isNaN();
        assertThat(path.unitLength()).isNaN();
        assertThat(path.steps()).isEmpty();
        assertThat(path.angles()).isEmpty();
    }

    @Test
    void aLayerThatDoesNothingHasNoAngleAndIsCounted() {
        var path = Trajectory.of(new double[][] {{1, 0}, {2, 0}, {2, 0}, {2, 1}, {1, 1}});
        assertThat(path.angles()).containsExactly(Double.NaN, Double.NaN, Math.PI / 2);
        assertThat(Average.of(path.angles())).isEqualTo(new Average(Math.PI / 2, 1, 2));
        assertThat(path.length()).isEqualTo(3);
    }

    @Test
    void aZeroPointHasNoDirection() {
        var path = Trajectory.of(new double[][] {{1, 0}, {0, 0}, {1, 0}, {1, 0}});
        assertThat(path.cosines()).containsExactly(Double.NaN, Double.NaN, 1);
        assertThat(path.unitSteps()).containsExactly(Double.NaN, Double.NaN, 0);
        assertThat(path.unitLength()).isNaN();
        assertThat(path.length()).isEqualTo(2);
        assertThat(path.cosineMatrix()[1]).containsOnly(Double.NaN);
    }

    @Test
    void theCosineMatrixIsSymmetricWithOnesOnItsDiagonal() {
        double[][] matrix = Trajectory.of(gaussian(new Random(8), 5, WIDTH)).cosineMatrix();
        for (int row = 0; row < 5; row++) {
            assertThat(matrix[row][row]).isCloseTo(1, ROUNDING);
            for (int column = 0; column < 5; column++) {
                assertThat(matrix[row][column]).isEqualTo(matrix[column][row]);
            }
        }
    }

    @Test
    void namesTheElementThatIsNotFinite() {
        assertThatThrownBy(() -> new Trajectory(new double[][] {{1, 2}, {1, Double.NaN}}, List.of("emb", "1")))
                .hasMessage("trajectory: element 1 of point '1' is NaN; a path needs finite numbers");
    }

    @Test
    void refusesPointsOfDifferentWidths() {
        assertThatThrownBy(() -> new Trajectory(new double[][] {{1, 2}, {1}}, List.of("emb", "1")))
                .hasMessage("trajectory: point '1' has 1 elements, the first has 2; need one width of at least 1");
        assertThatThrownBy(() -> Trajectory.of(new double[0][])).hasMessageContaining("need at least one point");
    }

    @Test
    void cannotBeChangedFromOutside() {
        double[][] points = {{1, 0}, {0, 1}};
        var path = Trajectory.of(points);
        points[0][0] = 9;
        path.points()[1][1] = 9;
        assertThat(path.points()).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}});
    }

    private static void assertSame(Trajectory actual, Trajectory expected) {
        assertThat(actual.steps()).containsExactly(expected.steps(), ROUNDING);
        assertThat(actual.angles()).containsExactly(expected.angles(), ROUNDING);
    }

    private static double[][] gaussian(RandomGenerator random, int rows, int width) {
        return IntStream.range(0, rows)
                .mapToObj(row ->
                        DoubleStream.generate(random::nextGaussian).limit(width).toArray())
                .toArray(double[][]::new);
    }

    private static double[][] scaled(double[] direction, double... factors) {
        return Arrays.stream(factors)
                .mapToObj(
                        factor -> Arrays.stream(direction).map(x -> factor * x).toArray())
                .toArray(double[][]::new);
    }

    /** Gram-Schmidt, twice, on Gaussian rows. */
    private static double[][] orthogonal(RandomGenerator random, int width) {
        double[][] rows = gaussian(random, width, width);
        for (int row = 0; row < width; row++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < row; other++) {
                    double along = dot(rows[row], rows[other]);
                    for (int i = 0; i < width; i++) {
                        rows[row][i] -= along * rows[other][i];
                    }
                }
            }
            double norm = norm(rows[row]);
            rows[row] = Arrays.stream(rows[row]).map(x -> x / norm).toArray();
        }
        return rows;
    }

    private static double[][] times(double[][] points, double[][] matrix) {
        return Arrays.stream(points)
                .map(point -> Arrays.stream(matrix)
                        .mapToDouble(row -> dot(point, row))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double dot(double[] left, double[] right) {
        return IntStream.range(0, left.length)
                .mapToDouble(i -> left[i] * right[i])
                .sum();
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static double standardError(double[] samples) {
        double mean = Average.of(samples).value();
        double variance =
                Arrays.stream(samples).map(x -> (x - mean) * (x - mean)).sum() / (samples.length - 1);
        return Math.sqrt(variance / samples.length);
    }
}
