package microtome.probe.concept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/** How often a probe took each class for each. */
public final class ConfusionMatrix implements ProbeResult<int[][]> {
    private final String task;
    private final String layer;
    private final List<String> classes;
    private final int[][] counts;
    private final int seeds;
    private final Origin origin;

    /**
     * What was counted.
     *
     * @param task what the classes are of
     * @param layer where, and by which probe
     * @param classes their names
     * @param counts {@code [class][class that the probe said]}
     * @param seeds how many splits were counted together
     * @param origin of the vectors
     */
    public ConfusionMatrix(String task, String layer, List<String> classes, int[][] counts, int seeds, Origin origin) {
        this.task = task;
        this.layer = layer;
        this.classes = List.copyOf(classes);
        this.counts = Copies.of(counts);
        this.seeds = seeds;
        this.origin = origin;
    }

    /** Shares of each class; the counts stand in the cells. */
    @Override
    public Figure plot() {
        double[][] shares = Arrays.stream(counts)
                .map(row -> Arrays.stream(row)
                        .mapToDouble(
                                count -> (double) count / Arrays.stream(row).sum())
                        .toArray())
                .toArray(double[][]::new);
        String[][] words = Arrays.stream(counts)
                .map(row -> Arrays.stream(row).mapToObj(Integer::toString).toArray(String[]::new))
                .toArray(String[][]::new);
        return HeatMap.of(shares)
                .rowLabels(classes)
                .columnLabels(classes)
                .text(words)
                .range(0, 1)
                .axisTitles("label", "probe")
                .valueTitle("share of the label")
                .title("'%s' at layer %s".formatted(task, layer))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<Column>();
        columns.add(Column.text("label"));
        classes.forEach(name -> columns.add(Column.number("taken for " + name)));
        columns.add(Column.number("recall", "%.3f"));
        Table table = Table.of(columns.toArray(Column[]::new));
        for (int actual = 0; actual < counts.length; actual++) {
            var row = new ArrayList<Object>();
            row.add(classes.get(actual));
            IntStream.of(counts[actual]).forEach(row::add);
            row.add((double) counts[actual][actual]
                    / IntStream.of(counts[actual]).sum());
            table = table.row(row.toArray());
        }
        return table.caption("'%s' at layer %s".formatted(task, layer));
    }

    /** {@code [class][class that the probe said]}. */
    @Override
    public int[][] values() {
        return Copies.of(counts);
    }

    @Override
    public Explanation explain() {
        return origin.on(
                Explanation.of("confusion matrix", "unseen prompts by label and by what the probe said, over all seeds")
                        .n(Arrays.stream(counts).flatMapToInt(Arrays::stream).sum())
                        .fact("seeds", seeds)
                        .fact("layer", layer)
                        .note("a prompt counts once for every seed in whose test part it is"));
    }

    @Override
    public String toString() {
        return plainText();
    }
}
