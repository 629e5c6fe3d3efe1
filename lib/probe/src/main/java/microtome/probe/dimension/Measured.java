package microtome.probe.dimension;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import microtome.display.Cell;
import microtome.display.Explanation;
import microtome.display.LineChart;
import microtome.probe.data.Origin;

/**
 * What all results of this package are made of.
 *
 * @param layers at least one
 * @param options how they were measured
 * @param origin where the states come from
 */
record Measured(List<LayerDimension> layers, DimensionOptions options, Origin origin) {
    Measured {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("no layer was measured; give at least one");
        }
    }

    List<String> names() {
        return layers.stream().map(LayerDimension::layer).toList();
    }

    double[] each(ToDoubleFunction<LayerDimension> quantity) {
        return layers.stream().mapToDouble(quantity).toArray();
    }

    /** The most dimensions that the states of each layer can show. */
    double[] bounds() {
        return each(layer -> layer.spectrum().bound());
    }

    LineChart chart(String title, String quantity) {
        return LineChart.over(names()).axisTitles("layer", quantity).title("%s, %s".formatted(title, origin.inputs()));
    }

    static Cell cell(double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reason) : Cell.of(value);
    }

    static Cell ofSpectrum(double value) {
        return cell(value, LayerDimension.FLAT);
    }

    static Cell ofDirections(Directions directions) {
        return cell(directions.meanCosine(), LayerDimension.NO_DIRECTIONS);
    }

    Cell ofNeighbours(LayerDimension layer, int index) {
        return cell(
                layer.neighbours().likeliest().get(index),
                layer.neighbours().reason(options.neighbours().get(index)));
    }

    /** An explanation with the facts that hold for every result, and why numbers of layers are missing. */
    Explanation on(Explanation explanation, Function<LayerDimension, String> missing) {
        long fewest =
                layers.stream().mapToLong(layer -> layer.spectrum().n()).min().orElse(0);
        Explanation full = explanation
                .n(fewest)
                .fact("layers", String.join(", ", names()))
                .fact("width", layers.getFirst().spectrum().width());
        var reasons = new LinkedHashSet<String>();
        for (LayerDimension layer : layers) {
            String reason = missing.apply(layer);
            if (!reason.isEmpty()) {
                reasons.add("layer %s is missing: %s".formatted(layer.layer(), reason));
            }
        }
        for (String reason : new ArrayList<>(reasons)) {
            full = full.note(reason);
        }
        return origin.on(full);
    }

    /** The facts of a sample. */
    Explanation sampled(Explanation explanation) {
        int most = layers.stream()
                .mapToInt(layer -> layer.neighbours().sampled())
                .max()
                .orElse(0);
        int fewest = layers.stream()
                .mapToInt(layer -> layer.neighbours().distinct())
                .min()
                .orElse(0);
        return explanation
                .fact("sampled states", most)
                .fact("different ones, at least", fewest)
                .seed(options.seed());
    }
}
