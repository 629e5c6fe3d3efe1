package microtome.probe.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;

/** How far every single value of the clean run brings the corrupt run's answer back: 0 not at all, 1 all the way. */
public final class PatchingGrid implements ProbeResult<PatchingGrid.Values> {
    /** Below this distance of the two runs a share of it is only noise. */
    private static final double LEAST_DISTANCE = 1e-6;

    private static final int COLUMNS_IN_TABLE = 24;

    /**
     * The numbers, {@code [blocks, positions]} or {@code [blocks, heads]}; NaN where the work was stopped.
     *
     * @param effect {@code (F - F corrupt) / (F clean - F corrupt)}; {@code F - F corrupt} where the two runs agree
     * @param metric {@code F} of every patched run
     * @param clean {@code F} of the clean run
     * @param corrupt {@code F} of the corrupt run
     */
    public record Values(double[][] effect, double[][] metric, double clean, double corrupt) {
        /** {@code F - F corrupt} of every cell, as attribution patching estimates it; not divided by anything. */
        public double[][] change() {
            return Arrays.stream(metric)
                    .map(row -> Arrays.stream(row).map(each -> each - corrupt).toArray())
                    .toArray(double[][]::new);
        }
    }

    private final GridSource source;
    private final double[][] metric;
    private final double clean;
    private final double corrupt;
    private final String stopped;

    /** @param stopped why it is not complete, or null */
    PatchingGrid(GridSource source, double[][] metric, double clean, double corrupt, String stopped) {
        this.source = source;
        this.metric = Copies.of(metric);
        this.clean = clean;
        this.corrupt = corrupt;
        this.stopped = stopped;
    }

    /** Block by position or head, the first block at the bottom; red brings the clean answer back. */
    @Override
    public Figure plot() {
        HeatMap map = HeatMap.of(effect())
                .rowLabels(source.rows())
                .columnLabels(source.columns())
                .axisTitles(source.rowTitle(), source.columnTitle())
                .valueTitle(isNormalised() ? "share restored" : "change of F")
                .hover(hover())
                .diverging()
                .firstRowAtBottom()
                .title(source.title() + (stopped == null ? "" : " (stopped early)"));
        return map.figure();
    }

    /** The effect of every cell; with many positions, of the last. */
    @Override
    public Table table() {
        int first = Math.max(0, source.columns().size() - COLUMNS_IN_TABLE);
        var columns = new ArrayList<Column>();
        columns.add(Column.text(source.rowTitle()));
        source.columns()
                .subList(first, source.columns().size())
                .forEach(label -> columns.add(Column.number(label, "%.3f")));
        double[][] effect = effect();
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, effect.length)
                        .mapToObj(row -> row(row, effect[row], first))
                        .toList())
                .caption(source.title())
                .note(String.format(Locale.ROOT, "F clean %.4f, F corrupt %.4f", clean, corrupt));
        if (first > 0) {
            table = table.note("the last %d of %d columns; values() has all"
                    .formatted(COLUMNS_IN_TABLE, source.columns().size()));
        }
        return isNormalised() ? table : table.note(notNormalised());
    }

    private List<Object> row(int row, double[] effects, int first) {
        var cells = new ArrayList<Object>();
        cells.add(source.rows().get(row));
        for (int column = first; column < effects.length; column++) {
            cells.add(Double.isNaN(effects[column]) ? Cell.missing(whyNaN()) : Cell.of(effects[column]));
        }
        return cells;
    }

    private String whyNaN() {
        return stopped == null ? "the patched run gave no number" : stopped;
    }

    @Override
    public Values values() {
        return new Values(effect(), Copies.of(metric), clean, corrupt);
    }

    /** Whether every cell was computed. */
    public boolean isComplete() {
        return stopped == null;
    }

    /** Whether effects are shares of the distance between the runs; not where they agree. */
    public boolean isNormalised() {
        return Math.abs(clean - corrupt) >= LEAST_DISTANCE;
    }

    @Override
    public Explanation explain() {
        Explanation explanation = source.explanation(
                        isNormalised()
                                ? "effect = (F - F corrupt) / (F clean - F corrupt), F of the corrupt run with one clean value put in"
                                : "effect = F - F corrupt, F of the corrupt run with one clean value put in")
                .fact("F clean", clean)
                .fact("F corrupt", corrupt)
                .note(
                        "everything behind the value is computed anew; cells whose clean and corrupt values have the same bits are F corrupt without a run");
        if (!isNormalised()) {
            explanation = explanation.note(notNormalised());
        }
        return stopped == null ? explanation : explanation.note("not complete, other cells are NaN: " + stopped);
    }

    private String notNormalised() {
        return String.format(
                Locale.ROOT,
                "|F clean - F corrupt| = %.2g is below %.0e, so effects are not divided by it; choose prompts or answers that differ",
                Math.abs(clean - corrupt),
                LEAST_DISTANCE);
    }

    private double[][] effect() {
        double distance = isNormalised() ? clean - corrupt : 1;
        return Arrays.stream(metric)
                .map(row -> Arrays.stream(row)
                        .map(each -> (each - corrupt) / distance)
                        .toArray())
                .toArray(double[][]::new);
    }

    private String[][] hover() {
        double[][] effect = effect();
        var hover = new String[effect.length][];
        for (int row = 0; row < hover.length; row++) {
            hover[row] = new String[effect[row].length];
            for (int column = 0; column < hover[row].length; column++) {
                hover[row][column] = String.format(
                        Locale.ROOT,
                        "%s %s, %s %s (%d)\n%s %.4f, effect %.4f",
                        source.rowTitle(),
                        source.rows().get(row),
                        source.part() == PatchedPart.HEAD ? "head" : "token",
                        source.columns().get(column),
                        column,
                        source.metric(),
                        metric[row][column],
                        effect[row][column]);
            }
        }
        return hover;
    }

    @Override
    public String toString() {
        return plainText();
    }
}
