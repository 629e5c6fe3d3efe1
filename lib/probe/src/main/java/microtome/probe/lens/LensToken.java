package microtome.probe.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.ColorScale;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/** How every depth of the stream rates one token as the next. */
public final class LensToken implements ProbeResult<LensToken.Values> {
    /**
     * The numbers, {@code [depths, positions]}; the first position is the first that was read.
     *
     * @param ranks 1 for the most likely token; the lower id first among equals
     * @param probabilities of the token
     * @param logits of the token
     */
    public record Values(int[][] ranks, double[][] probabilities, float[][] logits) {}

    private final LensGrid grid;
    private final int id;
    private final Word word;
    private final int vocabulary;
    private final Values found;

    LensToken(LensGrid grid, int id, Word word, int vocabulary, Values found) {
        this.grid = grid;
        this.id = id;
        this.word = word;
        this.vocabulary = vocabulary;
        this.found = found;
    }

    /** The token's id. */
    public int id() {
        return id;
    }

    /** Depth by position, coloured by rank. */
    @Override
    public Figure plot() {
        return plot(LensMeasure.RANK);
    }

    /** Depth by position, coloured by rank or probability. */
    public Figure plot(LensMeasure measure) {
        var map = grid.map(grid.numbers((depth, column) -> colour(measure, depth, column)))
                .text(grid.text((depth, column) -> text(measure, depth, column)))
                .hover(grid.text(this::detail))
                .title("Logit lens: %s of %s".formatted(measure.name().toLowerCase(Locale.ROOT), shown()));
        return switch (measure) {
            case RANK ->
                map.valueTitle("log10 of rank").range(0, Math.log10(vocabulary)).figure();
            case PROBABILITY -> map.valueTitle("probability").range(0, 1).figure();
        };
    }

    /** The rank over the depths, at the last position. */
    public Figure line() {
        return line(LensMeasure.RANK, grid.last());
    }

    /** The rank or the probability over the depths, at the last position. */
    public Figure line(LensMeasure measure) {
        return line(measure, grid.last());
    }

    /**
     * The rank or the probability over the depths, at one position.
     *
     * @throws IllegalArgumentException if the position was not read
     */
    public Figure line(LensMeasure measure, int position) {
        int column = grid.column(position);
        String name = measure.name().toLowerCase(Locale.ROOT);
        double[] values = IntStream.range(0, grid.depths())
                .mapToDouble(depth -> value(measure, depth, column))
                .toArray();
        LineChart chart = LineChart.over(grid.depthLabels())
                .line("%s of %s".formatted(name, shown()), values)
                .axisTitles("depth", name)
                .title("Logit lens: %s of %s %s".formatted(name, shown(), grid.after(position)));
        return switch (measure) {
            case RANK -> chart.logarithmic().figure();
            case PROBABILITY -> chart.range(0, 1).figure();
        };
    }

    /** Depth by position: the rank. */
    @Override
    public Table table() {
        List<Integer> positions = grid.provenance().inTable(grid.first());
        var columns = new ArrayList<Column>();
        columns.add(Column.text("depth"));
        positions.forEach(
                position -> columns.add(Column.number(grid.provenance().label(position), "%d")));
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, grid.depths())
                        .mapToObj(depth -> row(depth, positions))
                        .toList())
                .caption("Logit lens: rank of %s as the next token, 1 is best of %d".formatted(shown(), vocabulary));
        return grid.provenance().noted(table, grid.first());
    }

    /** Depth by measure, at the last position. */
    public Table list() {
        return list(grid.last());
    }

    /**
     * Depth by measure, at one position.
     *
     * @throws IllegalArgumentException if the position was not read
     */
    public Table list(int position) {
        int column = grid.column(position);
        return Table.of(
                        Column.text("depth"),
                        Column.number("rank", "%d"),
                        Column.number("probability"),
                        Column.number("logit"))
                .rows(IntStream.range(0, grid.depths())
                        .mapToObj(depth -> List.of(
                                Depths.label(depth),
                                found.ranks()[depth][column],
                                found.probabilities()[depth][column],
                                found.logits()[depth][column]))
                        .toList())
                .caption("Logit lens: %s %s".formatted(shown(), grid.after(position)));
    }

    @Override
    public Values values() {
        return new Values(Copies.of(found.ranks()), Copies.of(found.probabilities()), Copies.of(found.logits()));
    }

    @Override
    public Explanation explain() {
        return grid.explanation(
                        "logit lens of one token",
                        "rank, probability and logit of the token in softmax(unembed(finalNorm(h[l]))); rank = 1 + number of larger logits, the lower id first among equals")
                .fact("token id", id);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String shown() {
        return word.visible();
    }

    private double value(LensMeasure measure, int depth, int column) {
        return switch (measure) {
            case RANK -> found.ranks()[depth][column];
            case PROBABILITY -> found.probabilities()[depth][column];
        };
    }

    private double colour(LensMeasure measure, int depth, int column) {
        double value = value(measure, depth, column);
        return measure == LensMeasure.RANK ? Math.log10(value) : value;
    }

    private String text(LensMeasure measure, int depth, int column) {
        return switch (measure) {
            case RANK -> Integer.toString(found.ranks()[depth][column]);
            case PROBABILITY -> String.format(Locale.ROOT, "%.2g", found.probabilities()[depth][column]);
        };
    }

    private String detail(int depth, int column) {
        return String.format(
                Locale.ROOT,
                "depth %s, %s\nrank %d, probability %.3g, logit %.4f",
                Depths.label(depth),
                grid.after(grid.first() + column),
                found.ranks()[depth][column],
                found.probabilities()[depth][column],
                found.logits()[depth][column]);
    }

    private List<Object> row(int depth, List<Integer> positions) {
        var row = new ArrayList<Object>();
        row.add(Depths.label(depth));
        for (int position : positions) {
            int column = grid.column(position);
            double better = 1 - Math.log(found.ranks()[depth][column]) / Math.log(vocabulary);
            row.add(Cell.of(found.ranks()[depth][column])
                    .shaded(ColorScale.BLUES, better)
                    .tooltip(detail(depth, column)));
        }
        return row;
    }
}
