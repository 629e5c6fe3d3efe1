package microtome.probe.concept.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptStates;

/**
 * Whether the labels of prompts are what their vectors fall apart by: clusters are found at every layer without the labels and then
 * compared with them. A label can be read by a probe and still make no clusters, where other differences between the prompts are
 * larger.
 *
 * <pre>{@code
 * ClusterAgreement.of(model.prompts(set).states(), ClusterOptions.DEFAULT.components(10)).plot();
 * }</pre>
 */
public final class ClusterAgreement implements ProbeResult<ClusterAgreement.Values> {
    private static final String NOT_TAKEN_APART = "everything is in one cluster and of one label";

    private final String task;
    private final List<String> classes;
    private final List<String> layers;
    private final ClusterOptions options;
    private final int k;
    private final int n;
    private final List<ClusterReading> readings;
    private final Origin origin;

    /**
     * The numbers, {@code [layer][way]} in the order of {@link Clustering}; NaN where there are none.
     *
     * @param normalised normalised mutual information of clusters and labels
     * @param adjusted adjusted mutual information
     * @param purity share of prompts of the most frequent label of their cluster
     * @param clusters how many, noise not counted
     * @param noise share of prompts in no cluster
     */
    public record Values(
            double[][] normalised, double[][] adjusted, double[][] purity, double[][] clusters, double[][] noise) {}

    ClusterAgreement(
            String task,
            List<String> classes,
            List<String> layers,
            ClusterOptions options,
            int k,
            int n,
            List<ClusterReading> readings,
            Origin origin) {
        this.task = task;
        this.classes = List.copyOf(classes);
        this.layers = List.copyOf(layers);
        this.options = options;
        this.k = k;
        this.n = n;
        this.readings = List.copyOf(readings);
        this.origin = origin;
    }

    /**
     * Finds clusters at every layer by k-means and by HDBSCAN.
     *
     * @throws IllegalArgumentException for prompts without two labels, of which each has two prompts; for more clusters, larger
     *     ones, or more components than there can be; for more prompts than Tribuo can hold
     */
    public static ClusterAgreement of(PromptStates states, ClusterOptions options) {
        return ClusterWork.run(states, options);
    }

    /** Adjusted mutual information along the layers, with the share of noise. */
    @Override
    public Figure plot() {
        Values values = values();
        LineChart chart = LineChart.over(layers);
        for (Clustering way : Clustering.values()) {
            chart = chart.line(way.label(), column(values.adjusted, way.ordinal()));
        }
        return chart.line("noise of HDBSCAN, share", column(values.noise, Clustering.HDBSCAN.ordinal()))
                .baseline("by chance", new double[layers.size()])
                .axisTitles("layer", "adjusted mutual information with the labels")
                .title("Clusters and labels of '%s'".formatted(task))
                .figure();
    }

    private static double[] column(double[][] rows, int column) {
        var values = new double[rows.length];
        for (int row = 0; row < rows.length; row++) {
            values[row] = rows[row][column];
        }
        return values;
    }

    @Override
    public Table table() {
        Table table = Table.of(
                Column.text("layer"),
                Column.text("clusters by"),
                Column.number("AMI", "%.3f"),
                Column.number("NMI", "%.3f"),
                Column.number("purity", "%.3f"),
                Column.number("clusters", "%.0f"),
                Column.number("noise", "%.3f"));
        var rows = new ArrayList<List<?>>();
        for (ClusterReading each : readings) {
            rows.add(List.of(
                    each.layer(),
                    each.clustering().label(),
                    cell(each, each.agreement().adjusted()),
                    cell(each, each.agreement().normalised()),
                    cell(each, each.agreement().purity()),
                    cell(each, each.clusters()),
                    cell(each, each.noiseShare(n))));
        }
        return table.rows(rows)
                .caption("Clusters and labels of '%s' (%s)".formatted(task, String.join(", ", classes)))
                .note(options.toString());
    }

    private static Cell cell(ClusterReading reading, double value) {
        return Double.isNaN(value)
                ? Cell.missing(reading.isMissing() ? reading.reason() : NOT_TAKEN_APART)
                : Cell.of(value);
    }

    @Override
    public Values values() {
        return new Values(
                each(reading -> reading.agreement().normalised()),
                each(reading -> reading.agreement().adjusted()),
                each(reading -> reading.agreement().purity()),
                each(ClusterReading::clusters),
                each(reading -> reading.noiseShare(n)));
    }

    private double[][] each(ToDoubleFunction<ClusterReading> number) {
        int across = Clustering.values().length;
        var values = new double[layers.size()][across];
        for (int i = 0; i < readings.size(); i++) {
            values[i / across][i % across] = number.applyAsDouble(readings.get(i));
        }
        return values;
    }

    /** The names of the layers, in the order of the values. */
    public List<String> layerNames() {
        return layers;
    }

    /**
     * How many prompts of each label are in each cluster.
     *
     * @return {@code [cluster][label]}; noise, where there is any, is the last row
     * @throws IllegalArgumentException if there is no such layer, or nothing was found there
     */
    public int[][] counts(String layer, Clustering clustering) {
        return Copies.of(reading(layer, clustering).counts());
    }

    /**
     * How many prompts of each label are in each cluster, as a table.
     *
     * @throws IllegalArgumentException if there is no such layer, or nothing was found there
     */
    public Table clusters(String layer, Clustering clustering) {
        ClusterReading reading = reading(layer, clustering);
        var columns = new ArrayList<Column>();
        columns.add(Column.text("cluster"));
        classes.forEach(name -> columns.add(Column.number(name)));
        Table table = Table.of(columns.toArray(Column[]::new));
        for (int row = 0; row < reading.counts().length; row++) {
            var cells = new ArrayList<Object>();
            cells.add(row < reading.clusters() ? Integer.toString(row + 1) : "noise");
            for (int count : reading.counts()[row]) {
                cells.add(count);
            }
            table = table.row(cells.toArray());
        }
        return table.caption("%s of '%s' at layer %s".formatted(clustering.label(), task, layer))
                .note("AMI %.3f, purity %.3f"
                        .formatted(
                                reading.agreement().adjusted(),
                                reading.agreement().purity()));
    }

    private ClusterReading reading(String layer, Clustering clustering) {
        ClusterReading found = readings.stream()
                .filter(each -> each.layer().equals(layer) && each.clustering() == clustering)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no layer '%s'; there are %s".formatted(layer, String.join(", ", layers))));
        if (found.isMissing()) {
            throw new IllegalArgumentException("nothing was found there: " + found.reason());
        }
        return found;
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "clusters and labels",
                        "NMI = I(cluster; label) / m, AMI = (I - E) / (m - E), m the mean of both entropies, E the I that chance gives at these sizes; purity: share of prompts of the most frequent label of their cluster")
                .n(n)
                .seed(options.seed())
                .fact("labels", String.join(", ", classes))
                .fact("options", options)
                .fact("k of k-means", k)
                .paper("https://jmlr.org/papers/v11/vinh10a.html")
                .note("noise of HDBSCAN counts as one more cluster")
                .note("distances are Euclidean; k-means stops in a local optimum, which another seed may better")
                .note("purity rises with the number of clusters; compare AMI instead");
        for (Clustering way : Clustering.values()) {
            explanation = explanation.fact(way.label(), provenance(way));
        }
        for (String reason : readings.stream()
                .filter(ClusterReading::isMissing)
                .map(ClusterReading::reason)
                .distinct()
                .toList()) {
            explanation = explanation.note(reason);
        }
        return origin.on(explanation);
    }

    private String provenance(Clustering way) {
        return readings.stream()
                .filter(each -> each.clustering() == way && !each.isMissing())
                .findFirst()
                .map(ClusterReading::provenance)
                .orElse("found nowhere");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
