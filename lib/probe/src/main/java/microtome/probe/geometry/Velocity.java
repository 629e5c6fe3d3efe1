package microtome.probe.geometry;

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

/** How far every layer moves the point, as it is and on the unit sphere. */
public final class Velocity implements ProbeResult<Velocity.Values> {
    /**
     * The length of every step.
     *
     * @param raw {@code |x[i+1] - x[i]|}, {@code [points - 1]}
     * @param unit the same after every point was brought to length 1, 0..2; NaN where a point has no direction
     */
    public record Values(double[] raw, double[] unit) {}

    private final Trajectory path;
    private final Measurement measurement;

    Velocity(Trajectory path, Measurement measurement) {
        this.path = path;
        this.measurement = measurement;
    }

    /** The raw steps, on a logarithmic axis. */
    @Override
    public Figure plot() {
        return chart("step length", path.steps(), "Velocity").logarithmic().figure();
    }

    /** The steps on the unit sphere: what is left when the growth of the stream is taken out. */
    public Figure unitPlot() {
        return chart("step length on the unit sphere", path.unitSteps(), "Velocity on the unit sphere")
                .figure();
    }

    @Override
    public Table table() {
        double[] raw = path.steps();
        double[] unit = path.unitSteps();
        List<String> steps = Depths.between(path.labels());
        return Table.of(Column.text("step"), Column.number("length"), Column.number("length on the unit sphere"))
                .rows(IntStream.range(0, raw.length)
                        .mapToObj(i -> List.of(steps.get(i), raw[i], Reasons.cell(unit[i], Reasons.NO_DIRECTION)))
                        .toList())
                .caption("Velocity: " + measurement.points());
    }

    @Override
    public Values values() {
        return new Values(path.steps(), path.unitSteps());
    }

    /** The mean of the raw steps. */
    public Average mean() {
        return Average.of(path.steps());
    }

    @Override
    public Explanation explain() {
        return measurement
                .explanation("velocity", "|x[i+1] - x[i]| per step, raw and with every x[i] divided by its norm")
                .n(path.size() - 1);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private LineChart chart(String name, double[] steps, String title) {
        return Lines.over(Depths.between(path.labels()), path.labels(), name, steps)
                .axisTitles("step between depths", name)
                .title("%s: %s".formatted(title, measurement.points()));
    }
}
