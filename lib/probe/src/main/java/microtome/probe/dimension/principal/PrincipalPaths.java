package microtome.probe.dimension.principal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.ScatterChart;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.PositionRule;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;

/**
 * The states of prompts in the plane of their largest variance: a path through the layers for each. A plane shows a part of the
 * variance only; how much is in the title, and layer by layer in the table.
 */
public final class PrincipalPaths implements ProbeResult<PrincipalPaths.Values> {
    private static final String NO_VARIANCE = "fewer than two states, or none that varies";

    /**
     * The numbers.
     *
     * @param scores {@code [layers][prompts][components]}
     * @param explained share of each component in the variance it was fitted to
     * @param axes of length 1, {@code [components][width]}
     * @param mean that was taken away
     */
    public record Values(double[][][] scores, double[] explained, double[][] axes, double[] mean) {}

    private final List<String> layers;
    private final List<Prompt> prompts;
    private final double[][][] scores;
    private final double[][] shares;
    private final PrincipalAxes axes;
    private final PrincipalOptions options;
    private final Origin origin;

    PrincipalPaths(
            List<String> layers,
            List<Prompt> prompts,
            double[][][] scores,
            double[][] shares,
            PrincipalAxes axes,
            PrincipalOptions options,
            Origin origin) {
        this.layers = layers;
        this.prompts = prompts;
        this.scores = scores;
        this.shares = shares;
        this.axes = axes;
        this.options = options;
        this.origin = origin;
    }

    /**
     * Of the residual stream of prompts, from the embedding to the last block.
     *
     * @throws IllegalArgumentException as {@link #of(PromptStates, PrincipalOptions)}, and for prompts that cannot be read
     */
    public static PrincipalPaths of(
            LanguageModel model, PromptSet prompts, PositionRule rule, PrincipalOptions options) {
        return of(PromptStates.read(model, prompts, rule), options);
    }

    /**
     * Of states that were read before.
     *
     * @throws IllegalArgumentException if there is no such layer, if there are fewer components, if the states do not vary, or if
     *     a number is not finite; names layer and prompt
     */
    public static PrincipalPaths of(PromptStates states, PrincipalOptions options) {
        return Projection.of(states, options);
    }

    /** A path for each prompt, coloured by its label. */
    @Override
    public Figure plot() {
        return paths(
                prompts.stream().map(Prompt::label).toList(),
                prompts.stream().map(Prompt::text).toList(),
                scores);
    }

    /** A path for each label: the mean of its prompts at every layer. */
    public Figure meanPlot() {
        List<String> labels = prompts.stream().map(Prompt::label).distinct().toList();
        var means = new double[layers.size()][labels.size()][];
        for (int layer = 0; layer < means.length; layer++) {
            for (int label = 0; label < labels.size(); label++) {
                means[layer][label] = mean(layer, labels.get(label));
            }
        }
        return paths(labels, Collections.nCopies(labels.size(), "mean"), means);
    }

    private double[] mean(int layer, String label) {
        var mean = new double[options.components()];
        int[] own = IntStream.range(0, prompts.size())
                .filter(prompt -> prompts.get(prompt).label().equals(label))
                .toArray();
        for (int component = 0; component < mean.length; component++) {
            int at = component;
            mean[component] = Arrays.stream(own)
                    .mapToDouble(prompt -> scores[layer][prompt][at])
                    .average()
                    .orElse(Double.NaN);
        }
        return mean;
    }

    private Figure paths(List<String> labels, List<String> names, double[][][] points) {
        int most = Math.min(names.size(), ScatterChart.LARGEST / layers.size());
        ScatterChart chart = chart(most < names.size() ? ", first %d of %d".formatted(most, names.size()) : "");
        for (int prompt = 0; prompt < most; prompt++) {
            int own = prompt;
            String name = labels.get(prompt).isEmpty() ? "prompts" : labels.get(prompt);
            chart = chart.path(name, along(points, prompt, 0), along(points, prompt, 1), layers)
                    .hover(
                            name,
                            layers.stream()
                                    .map(layer -> "%s, %s, layer %s".formatted(name, names.get(own), layer))
                                    .toList());
        }
        return chart.figure();
    }

    /**
     * All prompts at one layer, coloured by their label.
     *
     * @throws IllegalArgumentException if there is no such layer
     */
    public Figure plot(String layer) {
        int at = Projection.index(layers, layer);
        ScatterChart chart = chart(", layer " + layer);
        for (String label : prompts.stream().map(Prompt::label).distinct().toList()) {
            int[] own = IntStream.range(0, prompts.size())
                    .filter(prompt -> prompts.get(prompt).label().equals(label))
                    .toArray();
            String name = label.isEmpty() ? "prompts" : label;
            chart = chart.points(name, of(own, at, 0), of(own, at, 1))
                    .hover(
                            name,
                            Arrays.stream(own)
                                    .mapToObj(prompt -> prompts.get(prompt).text())
                                    .toList());
        }
        return chart.figure();
    }

    private double[] of(int[] own, int layer, int component) {
        return Arrays.stream(own)
                .mapToDouble(prompt -> component < options.components() ? scores[layer][prompt][component] : 0)
                .toArray();
    }

    private double[] along(double[][][] points, int prompt, int component) {
        return IntStream.range(0, layers.size())
                .mapToDouble(layer -> component < options.components() ? points[layer][prompt][component] : 0)
                .toArray();
    }

    private ScatterChart chart(String what) {
        return ScatterChart.of()
                .equalAspect()
                .axisTitles(axisTitle(0), options.components() > 1 ? axisTitle(1) : "")
                .title("Principal components of %s, %s%s".formatted(fittedTo(), origin.inputs(), what));
    }

    private String axisTitle(int component) {
        return "component %d (%.1f %% of the variance)".formatted(component + 1, 100 * axes.explained()[component]);
    }

    private String fittedTo() {
        return options.layer().isEmpty() ? "all layers" : "layer " + options.layer();
    }

    /** How much of each layer's own variance lies along each component. */
    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("layer"), Column.number("prompts")));
        for (int component = 1; component <= options.components(); component++) {
            columns.add(Column.number("share along " + component, "%.4f"));
        }
        Table table = Table.of(columns.toArray(Column[]::new)).caption(caption());
        for (int layer = 0; layer < layers.size(); layer++) {
            var row = new ArrayList<Object>(List.of(layers.get(layer), prompts.size()));
            for (double share : shares[layer]) {
                row.add(Double.isNaN(share) ? Cell.missing(NO_VARIANCE) : Cell.of(share));
            }
            table = table.row(row.toArray());
        }
        return table;
    }

    private String caption() {
        return "Share of each layer's variance along the principal components of %s (which have %s of the variance they are fitted to), %s"
                .formatted(
                        fittedTo(),
                        Arrays.stream(axes.explained())
                                .mapToObj("%.4f"::formatted)
                                .collect(Collectors.joining(", ")),
                        origin.inputs());
    }

    /** Where every prompt lies at every layer. */
    public Table scoreTable() {
        var columns = new ArrayList<>(List.of(Column.text("layer"), Column.text("prompt"), Column.text("label")));
        for (int component = 1; component <= options.components(); component++) {
            columns.add(Column.number("component " + component));
        }
        var rows = new ArrayList<List<Object>>();
        for (int layer = 0; layer < layers.size(); layer++) {
            for (int prompt = 0; prompt < prompts.size(); prompt++) {
                var row = new ArrayList<Object>(List.of(
                        layers.get(layer),
                        prompts.get(prompt).text(),
                        prompts.get(prompt).label()));
                for (double score : scores[layer][prompt]) {
                    row.add(Double.isNaN(score) ? Cell.missing(Projection.NO_DIRECTION) : Cell.of(score));
                }
                rows.add(row);
            }
        }
        return Table.of(columns.toArray(Column[]::new)).rows(rows).caption("Principal components, " + origin.inputs());
    }

    @Override
    public Values values() {
        return new Values(
                Copies.of(scores),
                axes.explained().clone(),
                Copies.of(axes.axes()),
                axes.mean().clone());
    }

    @Override
    public Explanation explain() {
        long without = Arrays.stream(scores)
                .flatMap(Arrays::stream)
                .filter(point -> Double.isNaN(point[0]))
                .count();
        return origin.on(Explanation.of(
                        "principal components",
                        "score = (x - mean) . axis; the axes are the eigenvectors of the covariance of the states they are fitted to, the largest variance first; each one's largest element is positive")
                .n((long) prompts.size() * (options.layer().isEmpty() ? layers.size() : 1))
                .fact("fitted to", fittedTo())
                .fact("states", options.unit() ? "brought to length 1" : "as they are")
                .fact("layers", String.join(", ", layers))
                .fact("left out, shorter than 1e-12", without));
    }

    @Override
    public String toString() {
        return plainText();
    }
}
