package microtome.probe.lens;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.ColorScale;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.ProbeResult;

/** The tokens that every depth of the stream finds most likely to come next. */
public final class LensTop implements ProbeResult<LensTop.Values> {
    private static final int COLUMNS_IN_CELL = 10;
    private static final Column.Align LEFT = Column.Align.LEFT;

    /**
     * The numbers, {@code [depths, positions, k]}, best first; the first position is the first that was read.
     *
     * @param ids token ids
     * @param logits their logits
     * @param probabilities their probabilities
     * @param logSumExp {@code log(sum(exp(logits)))} over the vocabulary, {@code [depths, positions]}
     */
    public record Values(int[][][] ids, float[][][] logits, double[][][] probabilities, double[][] logSumExp) {}

    private final LensGrid grid;
    private final Values found;
    private final Map<Integer, Word> words;

    /** @param words what the found ids stand for */
    LensTop(LensGrid grid, Values found, Map<Integer, Word> words) {
        this.grid = grid;
        this.found = found;
        this.words = Collections.unmodifiableMap(new TreeMap<>(words));
    }

    /** Depth by position: the cell's text is the most likely token, its colour the probability. */
    @Override
    public Figure plot() {
        return grid.map(grid.numbers((depth, column) -> found.probabilities()[depth][column][0]))
                .text(grid.text((depth, column) -> word(depth, column, 0).shortened(COLUMNS_IN_CELL)))
                .hover(grid.text(this::ranking))
                .valueTitle("probability")
                .range(0, 1)
                .title("Logit lens: the most likely next token at every depth")
                .figure();
    }

    /** Depth by position: the most likely token and its probability. */
    @Override
    public Table table() {
        List<Integer> positions = grid.provenance().inTable(grid.first());
        var columns = new ArrayList<Column>();
        columns.add(Column.text("depth"));
        positions.forEach(position -> columns.add(words(grid.provenance().label(position))));
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, grid.depths())
                        .mapToObj(depth -> row(
                                depth,
                                positions.stream()
                                        .map(position -> cell(depth, grid.column(position), 0)
                                                .tooltip(ranking(depth, grid.column(position))))
                                        .toList()))
                        .toList())
                .caption("Logit lens: the most likely next token and its probability");
        return grid.provenance().noted(table, grid.first());
    }

    /** Depth by rank, at the last position: what the layers make of the next token. */
    public Table list() {
        return list(grid.last());
    }

    /**
     * Depth by rank, at one position.
     *
     * @throws IllegalArgumentException if the position was not read
     */
    public Table list(int position) {
        int column = grid.column(position);
        var columns = new ArrayList<Column>();
        columns.add(Column.text("depth"));
        IntStream.rangeClosed(1, count()).forEach(rank -> columns.add(words("#" + rank)));
        return Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, grid.depths())
                        .mapToObj(depth -> row(
                                depth,
                                IntStream.range(0, count())
                                        .mapToObj(rank ->
                                                cell(depth, column, rank).tooltip(detail(depth, column, rank)))
                                        .toList()))
                        .toList())
                .caption("Logit lens " + grid.after(position));
    }

    @Override
    public Values values() {
        return new Values(
                Copies.of(found.ids()),
                Copies.of(found.logits()),
                Copies.of(found.probabilities()),
                Copies.of(found.logSumExp()));
    }

    /** The token at a depth, position and rank, counted from 0; exactly as the tokenizer spells it. */
    public String token(int depth, int position, int rank) {
        if (depth < 0 || depth >= grid.depths() || rank < 0 || rank >= count()) {
            throw new IllegalArgumentException("token at depth %d, rank %d: depths are 0..%d, ranks 0..%d"
                    .formatted(depth, rank, grid.depths() - 1, count() - 1));
        }
        return word(depth, grid.column(position), rank).text();
    }

    @Override
    public Explanation explain() {
        return grid.explanation(
                "logit lens, top " + count(),
                "softmax(unembed(finalNorm(h[l]))), the largest first; the lower id first among equals");
    }

    @Override
    public String toString() {
        return plainText();
    }

    private int count() {
        return found.ids()[0][0].length;
    }

    private Word word(int depth, int column, int rank) {
        return words.get(found.ids()[depth][column][rank]);
    }

    private Cell cell(int depth, int column, int rank) {
        double probability = found.probabilities()[depth][column][rank];
        String text = "%s %s".formatted(word(depth, column, rank).visible(), share(probability));
        return Cell.of(text).shaded(ColorScale.BLUES, probability);
    }

    private String ranking(int depth, int column) {
        return IntStream.range(0, count())
                .mapToObj(rank -> "%s %s"
                        .formatted(
                                word(depth, column, rank).visible(), share(found.probabilities()[depth][column][rank])))
                .collect(Collectors.joining("\n"));
    }

    private String detail(int depth, int column, int rank) {
        return String.format(
                Locale.ROOT,
                "id %d, logit %.4f, probability %.3g",
                found.ids()[depth][column][rank],
                found.logits()[depth][column][rank],
                found.probabilities()[depth][column][rank]);
    }

    private static List<Object> row(int depth, List<Cell> cells) {
        var row = new ArrayList<Object>();
        row.add(Depths.label(depth));
        row.addAll(cells);
        return row;
    }

    /** A column of text that is visible already. */
    private static Column words(String name) {
        return new Column(name, LEFT, Object::toString);
    }

    private static String share(double probability) {
        return probability >= 0.0005
                ? String.format(Locale.ROOT, "%.3f", probability)
                : String.format(Locale.ROOT, "%.0e", probability);
    }
}
