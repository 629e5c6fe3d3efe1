package microtome.probe.geometry;

import java.util.Arrays;
import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/** The metrics of a path as one number each. */
public final class GeometrySummary implements ProbeResult<GeometrySummary.Values> {
    /**
     * One number for each metric, NaN where it is not defined.
     *
     * @param length sum of the raw steps
     * @param unitLength sum of the steps on the unit sphere
     * @param velocity mean raw step
     * @param curvature mean angle in radians
     * @param cosine mean cosine of neighbours
     */
    public record Values(double length, double unitLength, double velocity, double curvature, double cosine) {}

    private final Trajectory path;
    private final Measurement measurement;

    GeometrySummary(Trajectory path, Measurement measurement) {
        this.path = path;
        this.measurement = measurement;
    }

    /** What has no unit of length, step by step: cosine, step on the unit sphere, and the turn into the next step. */
    @Override
    public Figure plot() {
        List<String> steps = Depths.between(path.labels());
        double[] turns = Arrays.copyOf(path.angles(), Math.max(1, steps.size()));
        Arrays.fill(turns, path.angles().length, turns.length, Double.NaN);
        LineChart chart = Lines.over(steps, path.labels(), "cosine", path.cosines());
        if (!steps.isEmpty()) {
            chart = chart.line("step on the unit sphere", path.unitSteps())
                    .line("turn into the next step (rad)", turns);
        }
        return chart.axisTitles("step between depths", "no unit")
                .title("Path through the layers: " + measurement.points())
                .figure();
    }

    @Override
    public Table table() {
        Values values = values();
        return Table.of(
                        Column.text("metric"),
                        Column.number("value"),
                        Column.text("unit"),
                        Column.number("n"),
                        Column.number("left out"))
                .rows(List.of(
                        row("length", values.length(), "stream", path.steps(), Reasons.ONE_POINT),
                        row(
                                "length on the unit sphere",
                                values.unitLength(),
                                "",
                                path.unitSteps(),
                                Reasons.ofUnitLength(path)),
                        row("mean velocity", values.velocity(), "stream", path.steps(), Reasons.ONE_POINT),
                        row("mean curvature", values.curvature(), "rad", path.angles(), Reasons.ofAngles(path)),
                        row("mean cosine", values.cosine(), "", path.cosines(), Reasons.ofUnitLength(path))))
                .caption("Path through the layers: " + measurement.points());
    }

    @Override
    public Values values() {
        return new Values(
                path.length(),
                path.unitLength(),
                Average.of(path.steps()).value(),
                Average.of(path.angles()).value(),
                Average.of(path.cosines()).value());
    }

    @Override
    public Explanation explain() {
        return measurement
                .explanation(
                        "trajectory geometry",
                        "steps v[i] = x[i+1] - x[i]; length = sum |v[i]|; velocity = |v[i]|; curvature = angle(v[i], v[i+1]); cosine = cos(x[i], x[i+1])")
                .n(path.size());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private static List<Object> row(String metric, double value, String unit, double[] averaged, String reason) {
        Average average = Average.of(averaged);
        return List.of(metric, Reasons.cell(value, reason), unit, average.n(), average.leftOut());
    }
}
