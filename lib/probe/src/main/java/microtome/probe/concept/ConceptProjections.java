package microtome.probe.concept;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HistogramChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/** Where prompts that a probe has not seen lie along its direction, by class. */
public final class ConceptProjections implements ProbeResult<double[][]> {
    private final String task;
    private final String layer;
    private final List<String> classes;
    private final int[] labels;
    private final double[][] scores;
    private final Origin origin;

    ConceptProjections(
            String task, String layer, List<String> classes, int[] labels, double[][] scores, Origin origin) {
        this.task = task;
        this.layer = layer;
        this.classes = List.copyOf(classes);
        this.labels = labels.clone();
        this.scores = Copies.of(scores);
        this.origin = origin;
    }

    /** A histogram for every class; with more than two, of the score for the first of them. */
    @Override
    public Figure plot() {
        HistogramChart chart = HistogramChart.of();
        for (int each = 0; each < classes.size(); each++) {
            chart = chart.values(classes.get(each), ofClass(each));
        }
        return chart.shares()
                .lineAt(0, "border")
                .axisTitle("score for '%s'".formatted(scored()))
                .title("'%s' at layer %s".formatted(task, layer))
                .figure();
    }

    private boolean isBinary() {
        return classes.size() == 2;
    }

    private String scored() {
        return isBinary() ? classes.getLast() : classes.getFirst();
    }

    private double[] ofClass(int which) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] == which)
                .mapToDouble(i -> scores[i][0])
                .toArray();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("class"),
                        Column.number("prompts"),
                        Column.number("mean score", "%.3f"),
                        Column.number("standard deviation", "%.3f"))
                .caption("score for '%s' at layer %s of '%s'".formatted(scored(), layer, task));
        for (int each = 0; each < classes.size(); each++) {
            double[] values = ofClass(each);
            double mean = Average.of(values).value();
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            table = table.row(
                    classes.get(each),
                    values.length,
                    values.length == 0 ? Cell.missing("no prompt of this class in the test part") : mean,
                    values.length < 2
                            ? Cell.missing("fewer than two prompts have no deviation")
                            : Math.sqrt(squares / (values.length - 1)));
        }
        return table;
    }

    /** The scores {@code [prompts][rows of the probe]} of the test part. */
    @Override
    public double[][] values() {
        return Copies.of(scores);
    }

    @Override
    public Explanation explain() {
        return origin.on(Explanation.of(
                        "projections",
                        "w · x + b of prompts that the first seed's probe has not seen; above 0 it says '%s'"
                                .formatted(scored()))
                .n(labels.length)
                .fact("layer", layer));
    }

    @Override
    public String toString() {
        return plainText();
    }
}
