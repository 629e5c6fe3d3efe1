package microtome.probe.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.ScatterChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.statistics.Spearman;

/**
 * Whether the tokens that a map describes badly are those whose replacement changes the model's answer most: for each block and
 * class the rank correlation over tokens, and over blocks when all tokens of a block are replaced at once.
 */
public final class OutputPerturbation implements ProbeResult<OutputPerturbation.Values> {
    /**
     * The numbers, {@code [blocks][classes][tokens]}.
     *
     * @param single one token replaced at a time
     * @param whole all tokens replaced at once, read at the same tokens
     * @param tokens what the tokens are
     */
    public record Values(TokenEffects single, TokenEffects whole, List<String> tokens) {}

    private final PerturbationOptions options;
    private final long seed;
    private final List<String> tokens;
    private final TokenEffects single;
    private final TokenEffects whole;
    private final String stopped;
    private final Origin origin;

    /** @param stopped why it is not complete, or empty */
    OutputPerturbation(
            PerturbationOptions options,
            long seed,
            List<String> tokens,
            TokenEffects single,
            TokenEffects whole,
            String stopped,
            Origin origin) {
        this.options = options;
        this.seed = seed;
        this.tokens = List.copyOf(tokens);
        this.single = single;
        this.whole = whole;
        this.stopped = stopped;
        this.origin = origin;
    }

    /** Rank correlation of {@code |r|} and the divergence over tokens, a bar for each block and class. */
    @Override
    public Figure plot() {
        return plot(PerturbationMeasure.ERROR);
    }

    /** Rank correlation over tokens, a bar for each block and class. */
    public Figure plot(PerturbationMeasure measure) {
        BarChart chart = BarChart.over(labels());
        for (UpdateClass kind : options.classes()) {
            double[] values = IntStream.range(0, options.blocks().size())
                    .mapToDouble(index -> spearman(index, kind, measure).value())
                    .toArray();
            chart = chart.bars(kind.label(), values);
        }
        return chart.axisTitles("block, between depths", "Spearman over tokens")
                .title("Does the error of a map tell the change of the answer? %s, %s%s"
                        .formatted(measure.errorLabel(), measure.changeLabel(), incomplete()))
                .figure();
    }

    /** As {@link #scatter(int, PerturbationMeasure)} for {@code |r|} and the divergence. */
    public Figure scatter(int block) {
        return scatter(block, PerturbationMeasure.ERROR);
    }

    /**
     * Error against change of the answer, a dot for each token, for one block; the rank correlations stand in the title.
     *
     * @throws IllegalArgumentException for a block that was not replaced
     */
    public Figure scatter(int block, PerturbationMeasure measure) {
        int index = index(block);
        ScatterChart chart = ScatterChart.of();
        for (int kind = 0; kind < options.classes().size(); kind++) {
            String name = options.classes().get(kind).label();
            chart = chart.points(name, measure.errors(single, index, kind), measure.changes(single, index, kind))
                    .hover(name, tokens);
        }
        String correlations = options.classes().stream()
                .map(kind -> "%s %s".formatted(kind.label(), shown(spearman(index, kind, measure))))
                .collect(Collectors.joining(", "));
        return chart.axisTitles(measure.errorLabel(), measure.changeLabel())
                .title("Block %s replaced at one token; Spearman: %s%s"
                        .formatted(labels().get(index), correlations, incomplete()))
                .figure();
    }

    /** All tokens of a block replaced at once: mean error against mean change of the answer, a dot for each block. */
    public Figure acrossBlocks() {
        var measure = PerturbationMeasure.ERROR;
        ScatterChart chart = ScatterChart.of();
        for (UpdateClass kind : options.classes()) {
            chart = chart.points(kind.label(), wholeErrors(kind, measure), wholeChanges(kind, measure))
                    .hover(kind.label(), labels());
        }
        String correlations = options.classes().stream()
                .map(kind -> "%s %s".formatted(kind.label(), shown(acrossBlocks(kind, measure))))
                .collect(Collectors.joining(", "));
        return chart.axisTitles("mean " + measure.errorLabel(), "mean " + measure.changeLabel())
                .title("Whole blocks replaced; Spearman over %d blocks: %s%s"
                        .formatted(labels().size(), correlations, incomplete()))
                .figure();
    }

    /** All tokens of a block replaced at once: mean change of the answer over the blocks, a line for each class. */
    public Figure changes() {
        LineChart chart = LineChart.over(labels());
        for (UpdateClass kind : options.classes()) {
            chart = chart.line(kind.label(), wholeChanges(kind, PerturbationMeasure.ERROR));
        }
        return chart.axisTitles("block, between depths", "mean " + PerturbationMeasure.ERROR.changeLabel())
                .title("What the answer loses when a whole block is replaced" + incomplete())
                .figure();
    }

    /**
     * Rank correlation of error and change of the answer over tokens.
     *
     * @throws IllegalArgumentException for a block or class that was not replaced
     */
    public Spearman spearman(int block, UpdateClass kind) {
        return spearman(index(block), kind, PerturbationMeasure.ERROR);
    }

    private Spearman spearman(int index, UpdateClass kind, PerturbationMeasure measure) {
        int at = index(kind);
        return Spearman.of(measure.errors(single, index, at), measure.changes(single, index, at));
    }

    /** Rank correlation of mean error and mean change of the answer over blocks that are replaced as a whole. */
    public Spearman acrossBlocks(UpdateClass kind) {
        return acrossBlocks(kind, PerturbationMeasure.ERROR);
    }

    private Spearman acrossBlocks(UpdateClass kind, PerturbationMeasure measure) {
        return Spearman.of(wholeErrors(kind, measure), wholeChanges(kind, measure));
    }

    private double[] wholeErrors(UpdateClass kind, PerturbationMeasure measure) {
        int at = index(kind);
        return IntStream.range(0, options.blocks().size())
                .mapToDouble(
                        index -> Average.of(measure.errors(whole, index, at)).value())
                .toArray();
    }

    private double[] wholeChanges(UpdateClass kind, PerturbationMeasure measure) {
        int at = index(kind);
        return IntStream.range(0, options.blocks().size())
                .mapToDouble(
                        index -> Average.of(measure.changes(whole, index, at)).value())
                .toArray();
    }

    /** A row for each block and class, and one for all blocks. */
    @Override
    public Table table() {
        Table table = Table.of(
                Column.text("block"),
                Column.text("class"),
                Column.number("mean |r|"),
                Column.number("mean KL"),
                Column.number("mean L2"),
                Column.number("Spearman |r|, KL", "%.3f"),
                Column.number("Spearman |r|/|u|, KL", "%.3f"),
                Column.number("Spearman |r|, L2", "%.3f"),
                Column.number("n"),
                Column.number("all tokens: mean KL"),
                Column.number("all tokens: mean L2"));
        for (int index = 0; index < options.blocks().size(); index++) {
            for (int kind = 0; kind < options.classes().size(); kind++) {
                table = table.rows(List.of(row(index, kind)));
            }
        }
        for (UpdateClass kind : options.classes()) {
            table = table.note("over %d blocks replaced as a whole, %s: Spearman %s"
                    .formatted(labels().size(), kind.label(), shown(acrossBlocks(kind))));
        }
        return stopped.isEmpty() ? table : table.note("not complete: " + stopped);
    }

    private List<Object> row(int index, int kind) {
        UpdateClass mapped = options.classes().get(kind);
        var row = new ArrayList<Object>();
        row.add(labels().get(index));
        row.add(mapped.label());
        row.add(mean(single.error()[index][kind]));
        row.add(mean(single.divergence()[index][kind]));
        row.add(mean(single.distance()[index][kind]));
        for (PerturbationMeasure measure : PerturbationMeasure.values()) {
            row.add(cell(spearman(index, mapped, measure)));
        }
        row.add(spearman(index, mapped, PerturbationMeasure.ERROR).n());
        row.add(mean(whole.divergence()[index][kind]));
        row.add(mean(whole.distance()[index][kind]));
        return row;
    }

    private Cell mean(double[] values) {
        double mean = Average.of(values).value();
        return Double.isNaN(mean) ? Cell.missing(missing()) : Cell.of(mean);
    }

    private String missing() {
        return stopped.isEmpty() ? "there is no map of this class for this block" : stopped;
    }

    private static Cell cell(Spearman spearman) {
        return spearman.reason().isEmpty() ? Cell.of(spearman.value()) : Cell.missing(spearman.reason());
    }

    private static String shown(Spearman spearman) {
        return spearman.reason().isEmpty()
                ? String.format(Locale.ROOT, "%.2f (n = %d)", spearman.value(), spearman.n())
                : "NaN (%s)".formatted(spearman.reason());
    }

    private String incomplete() {
        return stopped.isEmpty() ? "" : " (%s)".formatted(stopped);
    }

    private List<String> labels() {
        return FittedUpdates.labels(options.blocks());
    }

    private int index(int block) {
        int index = options.blocks().indexOf(block);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "block %d was not replaced; replaced were %s".formatted(block, options.blocks()));
        }
        return index;
    }

    private int index(UpdateClass kind) {
        int index = options.classes().indexOf(kind);
        if (index < 0) {
            throw new IllegalArgumentException("maps of class %s were not put in; put in were %s"
                    .formatted(
                            kind.label(),
                            options.classes().stream().map(UpdateClass::label).toList()));
        }
        return index;
    }

    @Override
    public Values values() {
        return new Values(single.copy(), whole.copy(), tokens);
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "output perturbation",
                        "h[l+1] := T(h[l]) at one token, or at all; the rest is run; KL(p original || p new) = sum p (ln p - ln q) and |p - q| of the next token; Spearman over tokens of |r| = |y - T(x)| and that change")
                .n(tokens.size())
                .seed(seed)
                .fact("options", options.toString())
                .paper(LayerUpdates.PAPER)
                .note("the identity skips the block: its error is the update itself")
                .note("over blocks n is the number of blocks, which is small");
        for (UpdateClass kind : options.classes()) {
            explanation = explanation.fact(kind.label(), kind.formula());
        }
        explanation = stopped.isEmpty() ? explanation : explanation.note("not complete, the rest is NaN: " + stopped);
        return origin.on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
