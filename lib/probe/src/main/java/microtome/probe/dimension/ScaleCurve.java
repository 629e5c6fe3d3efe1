package microtome.probe.dimension;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.ProbeResult;

/**
 * {@link TwoNN} of the whole sample, its halves, quarters and so on: fewer states are farther apart, so lines that lie on each
 * other say that the dimension does not depend on the distance it is looked at from.
 */
public final class ScaleCurve implements ProbeResult<ScaleCurve.Values> {
    /**
     * The estimates.
     *
     * @param scales {@code [scales][layers]}, the whole sample first
     * @param layers what the layers are called
     */
    public record Values(List<List<Neighbours.Scale>> scales, List<String> layers) {}

    private final Measured measured;

    ScaleCurve(Measured measured) {
        this.measured = measured;
    }

    @Override
    public Figure plot() {
        var chart = measured.chart("Intrinsic dimension (TwoNN) of parts of the sample", "dimensions");
        for (int index = 0; index < measured.options().scales(); index++) {
            int at = index;
            double[] fit = measured.each(layer -> scale(layer, at).fit());
            double[] deviation = measured.each(layer -> scale(layer, at).deviation());
            double[] low = IntStream.range(0, fit.length)
                    .mapToDouble(i -> fit[i] - deviation[i])
                    .toArray();
            double[] high = IntStream.range(0, fit.length)
                    .mapToDouble(i -> fit[i] + deviation[i])
                    .toArray();
            String name = name(1 << index);
            chart = index == 0 ? chart.line(name, fit) : chart.line(name, fit, low, high);
        }
        return chart.figure();
    }

    private static String name(int parts) {
        return parts == 1 ? "all" : "1/" + parts;
    }

    private static Neighbours.Scale scale(LayerDimension layer, int index) {
        return layer.neighbours().scales().get(index);
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("layer"),
                        Column.text("part"),
                        Column.number("states"),
                        Column.number("parts"),
                        Column.number("TwoNN fit"),
                        Column.number("deviation of the parts"))
                .caption("Intrinsic dimension of parts of the sample, "
                        + measured.origin().inputs());
        for (LayerDimension layer : measured.layers()) {
            for (int index = 0; index < measured.options().scales(); index++) {
                Neighbours.Scale scale = scale(layer, index);
                table = table.row(
                        layer.layer(),
                        name(1 << index),
                        scale.states(),
                        scale.parts(),
                        Measured.cell(scale.fit(), reason(scale)),
                        Measured.cell(scale.deviation(), "fewer than two parts"));
            }
        }
        return table;
    }

    private static String reason(Neighbours.Scale scale) {
        return scale.states() < TwoNN.LEAST
                ? "parts of fewer than %d different states".formatted(TwoNN.LEAST)
                : "all states are as far from their second as from their first neighbour";
    }

    @Override
    public Values values() {
        return new Values(
                IntStream.range(0, measured.options().scales())
                        .mapToObj(index -> measured.layers().stream()
                                .map(layer -> scale(layer, index))
                                .toList())
                        .toList(),
                measured.names());
    }

    @Override
    public Explanation explain() {
        return measured.on(
                measured.sampled(Explanation.of(
                                "scale curve of the intrinsic dimension",
                                "TwoNN fit of N states, and the mean over the 2, 4, … parts of N/2, N/4, … that the shuffled sample is cut into; the band is one standard deviation over the parts")
                        .paper("https://arxiv.org/abs/1803.06992")),
                layer -> Double.isNaN(layer.neighbours().fit())
                        ? layer.neighbours().reason()
                        : "");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
