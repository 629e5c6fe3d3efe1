package microtome.probe.update;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/** How much of what each block does to the residual stream is a map of each token on its own, by class of maps. */
public final class UpdateStructure implements ProbeResult<List<BlockUpdates>> {
    private final UpdateOptions options;
    private final List<BlockUpdates> blocks;
    private final Origin origin;

    UpdateStructure(UpdateOptions options, List<BlockUpdates> blocks, Origin origin) {
        this.options = options;
        this.blocks = List.copyOf(blocks);
        this.origin = origin;
    }

    /** As {@link #plot(UpdateClass)} for the last class, which by default is the local linear one. */
    @Override
    public Figure plot() {
        return plot(options.classes().getLast());
    }

    /**
     * Three lines over the blocks: how well updates agree with their tokenwise part, how well with what is left over, and how well
     * the states before and behind agree already, which is the identity.
     *
     * @throws IllegalArgumentException for a class that was not fitted
     */
    public Figure plot(UpdateClass kind) {
        List<Measured> measured = of(kind);
        return LineChart.over(labels())
                .line("tokenwise: cos(u, t)", numbers(UpdateQuantity.UPDATE_ALIGNMENT, measured))
                .line("residual: cos(u, r)", numbers(UpdateQuantity.RESIDUAL_ALIGNMENT, measured))
                .baseline("identity: cos(y, x)", identity())
                .axisTitles("block, between depths", "mean cosine on held-out tokens")
                .title("Updates and their tokenwise part: " + kind.label()
                        + gaps(UpdateQuantity.UPDATE_ALIGNMENT, measured))
                .figure();
    }

    /** One quantity over the blocks, a line for each class; the states' own agreement is the baseline of their alignment. */
    public Figure plot(UpdateQuantity quantity) {
        LineChart chart = LineChart.over(labels());
        for (UpdateClass kind : options.classes()) {
            boolean isBaseline = kind.equals(UpdateClass.IDENTITY);
            double[] values = numbers(quantity, of(kind));
            chart = isBaseline ? chart.baseline(kind.label(), values) : chart.line(kind.label(), values);
        }
        return chart.axisTitles("block, between depths", quantity.label())
                .title("Classes of maps: %s, held-out tokens".formatted(quantity.label()))
                .figure();
    }

    /** One quantity as colours, classes by blocks; what does not exist is grey and says why. */
    public Figure map(UpdateQuantity quantity) {
        List<UpdateClass> classes = options.classes();
        var values = new double[classes.size()][];
        var hover = new String[classes.size()][];
        for (int row = 0; row < values.length; row++) {
            List<Measured> measured = of(classes.get(row));
            String name = classes.get(row).label();
            values[row] = numbers(quantity, measured);
            hover[row] = IntStream.range(0, measured.size())
                    .mapToObj(index -> hover(name, index, quantity, measured.get(index)))
                    .toArray(String[]::new);
        }
        return HeatMap.of(values)
                .rowLabels(classes.stream().map(UpdateClass::label).toList())
                .columnLabels(labels())
                .axisTitles("class of maps", "block, between depths")
                .valueTitle(quantity.label())
                .hover(hover)
                .title("Classes of maps: %s, held-out tokens".formatted(quantity.label()))
                .figure();
    }

    private String hover(String name, int index, UpdateQuantity quantity, Measured measured) {
        String reason = quantity.reason(measured);
        return "%s, %s\n%s"
                .formatted(
                        name,
                        blocks.get(index).label(),
                        reason.isEmpty()
                                ? "%s %.4f".formatted(quantity.label(), quantity.of(measured))
                                : "NaN: " + reason);
    }

    /** Everything: a row for each block and class. */
    @Override
    public Table table() {
        Table table = Table.of(Stream.concat(
                        Stream.of(Column.text("block"), Column.text("class"), Column.number("cos(y, x)", "%.4f")),
                        Stream.concat(
                                Stream.of(UpdateQuantity.values())
                                        .map(quantity -> Column.number(quantity.label(), "%.4f")),
                                Stream.of("subspace", "n", "n without t", "n without r", "fit tokens", "not moved")
                                        .map(Column::number)))
                .toArray(Column[]::new));
        return table.rows(blocks.stream()
                        .flatMap(block -> block.classes().stream().map(measured -> row(block, measured)))
                        .toList())
                .caption("Layer updates on held-out tokens; cos(y, x) is the identity's alignment of states");
    }

    private static List<Object> row(BlockUpdates block, Measured measured) {
        var cells = new ArrayList<Object>();
        cells.add(block.label());
        cells.add(measured.kind().label());
        cells.add(cell(UpdateQuantity.STATE_ALIGNMENT, block.classes().getFirst()));
        for (UpdateQuantity quantity : UpdateQuantity.values()) {
            cells.add(cell(quantity, measured));
        }
        cells.add(measured.subspace());
        cells.add(measured.tokens());
        cells.add(measured.withoutTokenwise());
        cells.add(measured.withoutResidual());
        cells.add(block.fitTokens());
        cells.add(block.fitDropped() + block.heldOutDropped());
        return cells;
    }

    /** One quantity, a row for each block and a column for each class. */
    public Table table(UpdateQuantity quantity) {
        var columns = new ArrayList<Column>();
        columns.add(Column.text("block"));
        if (quantity != UpdateQuantity.STATE_ALIGNMENT) {
            columns.add(Column.number("identity, cos(y, x)", "%.4f"));
        }
        options.classes().forEach(kind -> columns.add(Column.number(kind.label(), "%.4f")));
        return Table.of(columns.toArray(Column[]::new))
                .rows(blocks.stream()
                        .map(block -> {
                            var cells = new ArrayList<Object>();
                            cells.add(block.label());
                            if (quantity != UpdateQuantity.STATE_ALIGNMENT) {
                                cells.add(cell(
                                        UpdateQuantity.STATE_ALIGNMENT,
                                        block.classes().getFirst()));
                            }
                            block.classes().forEach(measured -> cells.add(cell(quantity, measured)));
                            return cells;
                        })
                        .toList())
                .caption("%s on held-out tokens, by class of maps".formatted(quantity.label()));
    }

    private static Cell cell(UpdateQuantity quantity, Measured measured) {
        String reason = quantity.reason(measured);
        return reason.isEmpty() ? Cell.of(quantity.of(measured)) : Cell.missing(reason);
    }

    @Override
    public List<BlockUpdates> values() {
        return blocks;
    }

    /**
     * What was measured of one class, for every block.
     *
     * @throws IllegalArgumentException for a class that was not fitted
     */
    public List<Measured> of(UpdateClass kind) {
        int index = options.classes().indexOf(kind);
        if (index < 0) {
            throw new IllegalArgumentException("%s was not fitted; fitted were %s"
                    .formatted(
                            kind.label(),
                            options.classes().stream().map(UpdateClass::label).collect(Collectors.joining(", "))));
        }
        return blocks.stream().map(block -> block.classes().get(index)).toList();
    }

    /** What the blocks are called: the depths between which they stand. */
    public List<String> labels() {
        return blocks.stream().map(BlockUpdates::label).toList();
    }

    /** Mean cosine of the states before and behind each block. */
    public double[] identity() {
        return blocks.stream().mapToDouble(BlockUpdates::identityAlignment).toArray();
    }

    private static double[] numbers(UpdateQuantity quantity, List<Measured> measured) {
        return measured.stream().mapToDouble(quantity::of).toArray();
    }

    /** The reason of the first gap of a line, for a title. */
    private static String gaps(UpdateQuantity quantity, List<Measured> measured) {
        return measured.stream()
                .map(quantity::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .map(reason -> " (gaps: %s)".formatted(reason))
                .orElse("");
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                "layer updates",
                "u = y - x, t = T(x) - x, r = u - t; x before and y behind a block; means over held-out tokens");
        for (UpdateClass kind : options.classes()) {
            explanation = explanation.fact(kind.label(), kind.formula());
        }
        int most = blocks.stream()
                .flatMap(block -> block.classes().stream())
                .mapToInt(Measured::tokens)
                .max()
                .orElse(0);
        explanation = explanation
                .n(most)
                .seed(options.seed())
                .fact("fit tokens", blocks.getFirst().fitTokens())
                .fact("options", options.toString())
                .paper(LayerUpdates.PAPER)
                .note("split by document: of each two neighbours a seeded coin picks the one that is fitted on")
                .note("states agree with the identity already; read every alignment beside cos(y, x)")
                .note(
                        "angles are those of the mean cosines; the subspace holds the leading right singular vectors of t with 90 %% of its energy, at most 64, from at most %d held-out tokens"
                                .formatted(DominantSubspace.MOST_VECTORS))
                .note(
                        "R2 weighs tokens by their energy, so a few tokens of large updates can decide it; the other means weigh all alike")
                .note("the paper's text was not at hand: classes are as its abstract names them, definitions are ours");
        return origin.on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
