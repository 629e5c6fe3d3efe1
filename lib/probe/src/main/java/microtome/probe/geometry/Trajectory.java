package microtome.probe.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import microtome.probe.data.Copies;
import microtome.probe.data.Vectors;

/**
 * A path of points, one for each layer. Everything is computed in double precision; a zero vector has no direction, so its
 * angles, cosines and unit steps are NaN.
 *
 * @param points {@code [points, width]}, all finite
 * @param labels what the points are called, such as {@code emb, 1, 2}
 */
public record Trajectory(double[][] points, List<String> labels) {
    /** Checks that the points are finite and of one width. */
    public Trajectory {
        points = Copies.of(points);
        labels = List.copyOf(labels);
        if (points.length == 0 || labels.size() != points.length) {
            throw new IllegalArgumentException(
                    "trajectory of %d points with %d labels: need at least one point, and a label for each"
                            .formatted(points.length, labels.size()));
        }
        for (int index = 0; index < points.length; index++) {
            check(points[index], points[0].length, labels.get(index));
        }
    }

    /** A trajectory whose points are called 0, 1, 2 and so on. */
    public static Trajectory of(double[][] points) {
        return new Trajectory(
                points,
                IntStream.range(0, points.length).mapToObj(Integer::toString).toList());
    }

    /** The points, as a copy. */
    @Override
    public double[][] points() {
        return Copies.of(points);
    }

    /** Number of points. */
    public int size() {
        return points.length;
    }

    /** Elements of a point. */
    public int width() {
        return points[0].length;
    }

    /** Velocity: the length of every step, {@code |x[i+1] - x[i]|}; {@code [points - 1]}. */
    public double[] steps() {
        return neighbours((from, to) -> Vectors.norm(Vectors.minus(to, from)));
    }

    /** The length of every step after each point was brought to length 1; {@code [points - 1]}, 0..2. */
    public double[] unitSteps() {
        return neighbours(Vectors::unitDistance);
    }

    /** Length of the path: the sum of its steps; NaN for a single point. */
    public double length() {
        return sum(steps());
    }

    /** Length of the path on the unit sphere; NaN for a single point, or when a point has no direction. */
    public double unitLength() {
        return sum(unitSteps());
    }

    /**
     * Curvature: the angle between each step and the next, in radians, 0 (straight on) to pi (back); NaN beside a step of
     * length 0. {@code [points - 2]}, none when there are fewer than three points.
     */
    public double[] angles() {
        return IntStream.range(0, Math.max(0, points.length - 2))
                .mapToDouble(i -> Vectors.angle(
                        Vectors.minus(points[i + 1], points[i]), Vectors.minus(points[i + 2], points[i + 1])))
                .toArray();
    }

    /** Cosine between each point and the next; {@code [points - 1]}. */
    public double[] cosines() {
        return neighbours(Vectors::cosine);
    }

    /** Cosine between any two points; {@code [points, points]}. */
    public double[][] cosineMatrix() {
        return Arrays.stream(points)
                .map(row -> Arrays.stream(points)
                        .mapToDouble(column -> Vectors.cosine(row, column))
                        .toArray())
                .toArray(double[][]::new);
    }

    @Override
    public String toString() {
        return "trajectory of %d points, width %d, %s to %s"
                .formatted(size(), width(), labels.getFirst(), labels.getLast());
    }

    private double[] neighbours(ToDoubleBiFunction<double[], double[]> measure) {
        return IntStream.range(1, points.length)
                .mapToDouble(i -> measure.applyAsDouble(points[i - 1], points[i]))
                .toArray();
    }

    private static double sum(double[] steps) {
        return steps.length == 0 ? Double.NaN : DoubleStream.of(steps).sum();
    }

    private static void check(double[] point, int width, String label) {
        if (point.length != width || width == 0) {
            throw new IllegalArgumentException(
                    "trajectory: point '%s' has %d elements, the first has %d; need one width of at least 1"
                            .formatted(label, point.length, width));
        }
        for (int i = 0; i < width; i++) {
            if (!Double.isFinite(point[i])) {
                throw new IllegalArgumentException(
                        "trajectory: element %d of point '%s' is %s; a path needs finite numbers"
                                .formatted(i, label, point[i]));
            }
        }
    }
}
