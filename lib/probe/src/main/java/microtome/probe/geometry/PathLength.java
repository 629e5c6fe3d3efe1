package microtome.probe.geometry;

import java.util.List;
import java.util.stream.DoubleStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.ProbeResult;

/** How long the path through the layers is, as it is and on the unit sphere. */
public final class PathLength implements ProbeResult<PathLength.Values> {
    /**
     * The lengths.
     *
     * @param raw sum of the steps; NaN for a single point
     * @param unit sum of the steps after every point was brought to length 1; NaN if a point has no direction
     */
    public record Values(double raw, double unit) {}

    private final Trajectory path;
    private final Measurement measurement;

    PathLength(Trajectory path, Measurement measurement) {
        this.path = path;
        this.measurement = measurement;
    }

    /** How far the path has come at every point. */
    @Override
    public Figure plot() {
        return LineChart.over(path.labels())
                .line("on the unit sphere", travelled(path.unitSteps()))
                .axisTitles("depth", "way from the first point")
                .title("Path length on the unit sphere: %s".formatted(measurement.points()))
                .figure();
    }

    @Override
    public Table table() {
        Values values = values();
        return Table.of(
                        Column.text("length"),
                        Column.number("value"),
                        Column.number("steps"),
                        Column.number("left out"))
                .rows(List.of(
                        row("raw", values.raw(), path.steps(), Reasons.ONE_POINT),
                        row("on the unit sphere", values.unit(), path.unitSteps(), Reasons.ofUnitLength(path))))
                .caption("Path length: " + measurement.points());
    }

    @Override
    public Values values() {
        return new Values(path.length(), path.unitLength());
    }

    @Override
    public Explanation explain() {
        return measurement
                .explanation(
                        "path length", "sum over i of |x[i+1] - x[i]|, raw and with every x[i] divided by its norm")
                .n(path.size() - 1);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private static List<Object> row(String name, double value, double[] steps, String reason) {
        Average average = Average.of(steps);
        return List.of(name, Reasons.cell(value, reason), average.n(), average.leftOut());
    }

    private static double[] travelled(double[] steps) {
        double[] way = new double[steps.length + 1];
        for (int i = 0; i < steps.length; i++) {
            way[i + 1] = way[i] + steps[i];
        }
        return steps.length == 0 ? DoubleStream.of(Double.NaN).toArray() : way;
    }
}
