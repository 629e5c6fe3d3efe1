package microtome.probe.geometry;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/** How much the direction of the point stays the same from layer to layer. */
public final class LayerCosine implements ProbeResult<LayerCosine.Values> {
    /**
     * The cosines.
     *
     * @param neighbours between each point and the next, {@code [points - 1]}
     * @param matrix between any two points, {@code [points, points]}
     */
    public record Values(double[] neighbours, double[][] matrix) {}

    private final Trajectory path;
    private final Measurement measurement;

    LayerCosine(Trajectory path, Measurement measurement) {
        this.path = path;
        this.measurement = measurement;
    }

    /** The cosine of each point with the next. */
    @Override
    public Figure plot() {
        return Lines.over(Depths.between(path.labels()), path.labels(), "cosine", path.cosines())
                .axisTitles("step between depths", "cosine")
                .title("Cosine from layer to layer: " + measurement.points())
                .figure();
    }

    /** The cosine of every point with every other. */
    public Figure matrixPlot() {
        return HeatMap.of(path.cosineMatrix())
                .rowLabels(path.labels())
                .columnLabels(path.labels())
                .axisTitles("depth", "depth")
                .valueTitle("cosine")
                .diverging()
                .range(-1, 1)
                .square()
                .title("Cosine between layers: " + measurement.points())
                .figure();
    }

    @Override
    public Table table() {
        double[] cosines = path.cosines();
        List<String> steps = Depths.between(path.labels());
        return Table.of(Column.text("step"), Column.number("cosine", "%.4f"))
                .rows(IntStream.range(0, cosines.length)
                        .mapToObj(i -> List.of(steps.get(i), Reasons.cell(cosines[i], Reasons.NO_DIRECTION)))
                        .toList())
                .caption("Cosine from layer to layer: " + measurement.points());
    }

    @Override
    public Values values() {
        return new Values(path.cosines(), path.cosineMatrix());
    }

    /** The mean cosine of neighbours. */
    public Average mean() {
        return Average.of(path.cosines());
    }

    @Override
    public Explanation explain() {
        Average mean = mean();
        return measurement
                .explanation("layer-to-layer cosine", "x[i] . x[i+1] / (|x[i]| |x[i+1]|)")
                .n(mean.n())
                .fact("left out", mean.leftOut());
    }

    @Override
    public String toString() {
        return plainText();
    }
}
