package microtome.probe.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/** How sharply the path turns at every layer: the angle between the step to it and the step from it. */
public final class Curvature implements ProbeResult<double[]> {
    /** The expected angle when points are drawn independently and without a preferred direction: 120 degrees. */
    public static final double ISOTROPIC = 2 * Math.PI / 3;

    private final Trajectory path;
    private final Measurement measurement;

    Curvature(Trajectory path, Measurement measurement) {
        this.path = path;
        this.measurement = measurement;
    }

    @Override
    public Figure plot() {
        double[] angles = path.angles();
        LineChart chart = Lines.over(Depths.around(path.labels()), path.labels(), "angle", angles);
        var random = new double[angles.length == 0 ? path.size() : angles.length];
        Arrays.fill(random, ISOTROPIC);
        return chart.baseline("independent points, 2π/3", random)
                .axisTitles("turn between two steps", "angle in radians")
                .range(0, Math.PI)
                .title("Curvature: " + measurement.points())
                .figure();
    }

    @Override
    public Table table() {
        double[] angles = path.angles();
        List<String> turns = Depths.around(path.labels());
        Average mean = mean();
        Table table = Table.of(Column.text("turn"), Column.number("angle in radians", "%.4f"))
                .rows(IntStream.range(0, angles.length)
                        .mapToObj(i -> List.of(turns.get(i), Reasons.cell(angles[i], Reasons.NO_DIRECTION)))
                        .toList())
                .row("mean", Reasons.cell(mean.value(), Reasons.ofAngles(path)))
                .caption("Curvature: " + measurement.points());
        return table.note("mean over n = %d angles, %d left out".formatted(mean.n(), mean.leftOut()));
    }

    /** The angles in radians, {@code [points - 2]}; NaN beside a step of length 0. */
    @Override
    public double[] values() {
        return path.angles();
    }

    /** The mean angle in radians; NaN when there is none. */
    public Average mean() {
        return Average.of(path.angles());
    }

    @Override
    public Explanation explain() {
        Average mean = mean();
        Explanation explanation = measurement
                .explanation(
                        "curvature",
                        "angle between v[i] and v[i+1], v[i] = x[i+1] - x[i], in radians: 0 straight on, pi back; the scalar is the mean")
                .n(mean.n())
                .fact("left out", mean.leftOut());
        return mean.n() == 0 ? explanation.note("the mean is NaN: " + Reasons.ofAngles(path)) : explanation;
    }

    @Override
    public String toString() {
        return plainText();
    }
}
