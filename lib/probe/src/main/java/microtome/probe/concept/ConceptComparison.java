package microtome.probe.concept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/** Several curves of concept depth over the same layers, such as one for each change of prompts or precision. */
public final class ConceptComparison implements ProbeResult<double[][]> {
    private final String task;
    private final List<String> names;
    private final List<String> layers;
    private final double[][] accuracies;
    private final double[][] low;
    private final double[][] high;
    private final double[] majorities;
    private final List<DepthIndices> indices;
    private final String options;
    private final List<Origin> origins;

    ConceptComparison(
            String task,
            List<String> names,
            List<String> layers,
            double[][] accuracies,
            double[][] low,
            double[][] high,
            double[] majorities,
            List<DepthIndices> indices,
            String options,
            List<Origin> origins) {
        this.task = task;
        this.names = List.copyOf(names);
        this.layers = List.copyOf(layers);
        this.accuracies = Copies.of(accuracies);
        this.low = Copies.of(low);
        this.high = Copies.of(high);
        this.majorities = majorities.clone();
        this.indices = List.copyOf(indices);
        this.options = options;
        this.origins = List.copyOf(origins);
    }

    /**
     * Lays curves beside each other; the first is what the others are compared with.
     *
     * @throws IllegalArgumentException if there are none, or they are of other layers
     */
    public static ConceptComparison of(List<String> names, List<ConceptDepth> depths) {
        if (depths.isEmpty() || names.size() != depths.size()) {
            throw new IllegalArgumentException("%d curves with %d names; need at least one, and a name each"
                    .formatted(depths.size(), names.size()));
        }
        List<String> layers = depths.getFirst().layerNames();
        for (int i = 1; i < depths.size(); i++) {
            if (!depths.get(i).layerNames().equals(layers)) {
                throw new IllegalArgumentException(
                        "'%s' has %d layers and '%s' %d; curves over one axis need the same layers, so plot each by itself"
                                .formatted(
                                        names.getFirst(),
                                        layers.size(),
                                        names.get(i),
                                        depths.get(i).layerNames().size()));
            }
        }
        List<ConceptDepth.Values> values =
                depths.stream().map(ConceptDepth::values).toList();
        return new ConceptComparison(
                depths.getFirst().task(),
                names,
                layers,
                values.stream().map(ConceptDepth.Values::accuracy).toArray(double[][]::new),
                values.stream().map(ConceptDepth.Values::low).toArray(double[][]::new),
                values.stream().map(ConceptDepth.Values::high).toArray(double[][]::new),
                values.stream().mapToDouble(ConceptDepth.Values::majority).toArray(),
                depths.stream().map(ConceptDepth::indices).toList(),
                depths.getFirst().options(),
                depths.stream().map(ConceptDepth::origin).toList());
    }

    /** One line each; the band is that of the first. */
    @Override
    public Figure plot() {
        LineChart chart = LineChart.over(layers).line(names.getFirst(), accuracies[0], low[0], high[0]);
        for (int i = 1; i < names.size(); i++) {
            chart = chart.line(names.get(i), accuracies[i]);
        }
        var majority = new double[layers.size()];
        Arrays.fill(majority, majorities[0]);
        return chart.baseline("majority", majority)
                .axisTitles("layer", "accuracy on unseen prompts")
                .title("Concept depth of '%s'".formatted(task))
                .figure();
    }

    /** Best accuracy and indices of each curve, and its mean distance from the first. */
    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("curve"),
                        Column.number("best accuracy", "%.3f"),
                        Column.text("best layer"),
                        Column.text("jump"),
                        Column.text("converging"),
                        Column.text("as the paper writes it"),
                        Column.text("half way"),
                        Column.number("mean difference", "%+.3f"))
                .caption("Concept depth of '%s'".formatted(task));
        var rows = new ArrayList<List<?>>();
        for (int i = 0; i < names.size(); i++) {
            DepthIndices each = indices.get(i);
            rows.add(List.of(
                    names.get(i),
                    cell(Arrays.stream(accuracies[i])
                            .filter(a -> !Double.isNaN(a))
                            .max()
                            .orElse(Double.NaN)),
                    each.share(each.peak()),
                    each.share(each.jump()),
                    each.share(each.converging()),
                    each.share(each.convergingAsWritten()),
                    each.share(each.depth50()),
                    cell(difference(i))));
        }
        return table.rows(rows).note("majority %.3f".formatted(majorities[0]));
    }

    private static Cell cell(double value) {
        return Double.isNaN(value) ? Cell.missing("no layer has a number") : Cell.of(value);
    }

    private double difference(int which) {
        return IntStream.range(0, layers.size())
                .mapToDouble(layer -> accuracies[which][layer] - accuracies[0][layer])
                .filter(difference -> !Double.isNaN(difference))
                .average()
                .orElse(Double.NaN);
    }

    /** Accuracies {@code [curves][layers]}. */
    @Override
    public double[][] values() {
        return Copies.of(accuracies);
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "concept depth, compared",
                        "accuracy on unseen prompts of a logistic probe per layer; the same prompts are unseen in all curves")
                .fact("curves", String.join("; ", names))
                .fact("options", options)
                .paper("https://arxiv.org/abs/2404.07066")
                .note(
                        "noise is \"aaa\" or \"bbb\" directly before the text; rounded weights are those of all matrices, while the embedding stays as it is");
        for (int i = 1; i < names.size(); i++) {
            for (String remark : origins.get(i).remarks()) {
                explanation = origins.getFirst().remarks().contains(remark)
                        ? explanation
                        : explanation.note("%s: %s".formatted(names.get(i), remark));
            }
        }
        return origins.getFirst().on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
