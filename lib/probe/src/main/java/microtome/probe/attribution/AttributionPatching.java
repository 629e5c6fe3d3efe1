package microtome.probe.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.Cell;
import microtome.display.ColorScale;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Depths;
import microtome.probe.data.Integration;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.Provenance;

/**
 * How much the metric would change if one value were exchanged between two prompts, estimated to first order for all values
 * at once. Scores of a value and of what is computed from it count the same path and must not be added.
 *
 * @see <a href="https://arxiv.org/abs/2403.00745">Kramár et al. 2024</a>
 */
public final class AttributionPatching implements ProbeResult<AttributionPatching.Values> {
    private static final String PAPER = "https://arxiv.org/abs/2403.00745";
    private static final String INTEGRATED_PAPER = "https://arxiv.org/abs/2403.17806";
    private static final double NO_DIFFERENCE = 1e-6;

    /**
     * The numbers.
     *
     * @param clean the metric of the clean prompt
     * @param corrupt the metric of the corrupt prompt
     * @param noising changes of the clean prompt's metric when it gets a value of the corrupt one
     * @param denoising changes of the corrupt prompt's metric when it gets a value of the clean one
     */
    public record Values(double clean, double corrupt, PatchScores noising, PatchScores denoising) {}

    /**
     * What was compared.
     *
     * @param clean the question about the clean prompt
     * @param corrupt the corrupt prompt
     * @param integration how gradients were averaged, or null for those at the prompts themselves
     */
    record Pair(Asked clean, Provenance corrupt, Integration integration) {}

    private final Pair pair;
    private final Values found;
    private final PatchDirection direction;

    AttributionPatching(Pair pair, Values found, PatchDirection direction) {
        this.pair = pair;
        this.found = found;
        this.direction = direction;
    }

    /** The same seen as noising: values of the corrupt prompt in the clean run. This is the default. */
    public AttributionPatching noising() {
        return new AttributionPatching(pair, found, PatchDirection.NOISING);
    }

    /** The same seen as denoising: values of the clean prompt in the corrupt run. */
    public AttributionPatching denoising() {
        return new AttributionPatching(pair, found, PatchDirection.DENOISING);
    }

    /** Depth by position: the residual stream. */
    @Override
    public Figure plot() {
        return plot(AttributedPart.RESIDUAL);
    }

    /** Layer by position. */
    public Figure plot(AttributedPart part) {
        double[][] rows = scores().of(part);
        return map(rows)
                .rowLabels(rowLabels(part, rows.length))
                .columnLabels(positions())
                .axisTitles(part.rows(), "token")
                .title(title(part.label()))
                .figure();
    }

    /** Block by head, exchanged at all positions. */
    public Figure heads() {
        double[][] totals = scores().headTotals();
        return map(totals)
                .columnLabels(numbers(totals[0].length))
                .axisTitles("block", "head")
                .title(title("heads, all positions"))
                .figure();
    }

    /**
     * Block by head, exchanged at one position.
     *
     * @throws IllegalArgumentException if the prompt has no such position
     */
    public Figure heads(int position) {
        int count = pair.clean().provenance().positions();
        if (position < 0 || position >= count) {
            throw new IllegalArgumentException(
                    "position %d: the prompts have positions 0..%d".formatted(position, count - 1));
        }
        double[][][] heads = scores().heads();
        double[][] here = Stream.of(heads)
                .map(block ->
                        Stream.of(block).mapToDouble(head -> head[position]).toArray())
                .toArray(double[][]::new);
        return map(here)
                .columnLabels(numbers(here[0].length))
                .axisTitles("block", "head")
                .title(title("heads at %s (position %d)".formatted(positions().get(position), position)))
                .figure();
    }

    /** Depth by position: the residual stream. */
    @Override
    public Table table() {
        return table(AttributedPart.RESIDUAL);
    }

    /** Layer by position. */
    public Table table(AttributedPart part) {
        double[][] rows = scores().of(part);
        List<String> labels = rowLabels(part, rows.length);
        Provenance provenance = pair.clean().provenance();
        var columns = new ArrayList<Column>();
        columns.add(Column.text(part.rows()));
        provenance
                .inTable(0)
                .forEach(position -> columns.add(Column.number(positions().get(position), "%+.4f")));
        double largest = largest(rows);
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, rows.length)
                        .mapToObj(row -> row(labels.get(row), rows[row], largest))
                        .toList())
                .caption(title(part.label()));
        return provenance.noted(withNotes(table), 0);
    }

    /** The attention outputs, MLPs and heads with the largest scores, either way, each at one position. */
    public Table top(int count) {
        var nodes = new ArrayList<Node>();
        for (AttributedPart part : List.of(AttributedPart.ATTENTION, AttributedPart.MLP)) {
            double[][] rows = scores().of(part);
            for (int block = 0; block < rows.length; block++) {
                add(nodes, "%s %d".formatted(part.label(), block), rows[block]);
            }
        }
        double[][][] heads = scores().heads();
        for (int block = 0; block < heads.length; block++) {
            for (int head = 0; head < heads[block].length; head++) {
                add(nodes, "head %d.%d".formatted(block, head), heads[block][head]);
            }
        }
        Table table = Table.of(
                        Column.text("value"),
                        new Column("token", Column.Align.LEFT, Object::toString),
                        Column.number("position", "%d"),
                        Column.number("change", "%+.4f"))
                .rows(nodes.stream()
                        .sorted(Comparator.comparingDouble((Node node) -> -Math.abs(node.score())))
                        .limit(count)
                        .map(node ->
                                List.of(node.name(), positions().get(node.position()), node.position(), node.score()))
                        .toList())
                .caption(title("largest"));
        return withNotes(table);
    }

    @Override
    public Values values() {
        return new Values(
                found.clean(),
                found.corrupt(),
                found.noising().copy(),
                found.denoising().copy());
    }

    @Override
    public Explanation explain() {
        boolean integrated = pair.integration() != null;
        PatchScores scores = scores();
        long n = (long) pair.clean().provenance().positions()
                * (scores.residual().length
                        + 2L * scores.mlp().length
                        + (long) scores.heads().length * scores.heads()[0].length);
        Explanation explanation = pair.clean()
                .explanation("attribution patching, " + words(), formula(integrated))
                .note("corrupt tokens: " + String.join(" ", pair.corrupt().labels()))
                .n(n)
                .fact("gradients", integrated ? "averaged: " + pair.integration() : "at the prompt that is changed")
                .fact("metric, clean", found.clean())
                .fact("metric, corrupt", found.corrupt())
                .paper(integrated ? INTEGRATED_PAPER : PAPER)
                .note(
                        "an estimate to first order: it can have the wrong size and sign where the model is far from linear, above all for the embedding; check what matters by exchanging the value itself")
                .note(
                        "a score counts all paths from the value on; scores of a value and of what is computed from it must not be added");
        return isFlat() ? explanation.note(flat()) : explanation;
    }

    @Override
    public String toString() {
        return plainText();
    }

    private record Node(String name, int position, double score) {}

    private static void add(List<Node> nodes, String name, double[] scores) {
        for (int position = 0; position < scores.length; position++) {
            nodes.add(new Node(name, position, scores[position]));
        }
    }

    private PatchScores scores() {
        return direction == PatchDirection.NOISING ? found.noising() : found.denoising();
    }

    private static String formula(boolean integrated) {
        String gradient = integrated
                ? "mean over the path of ∂F/∂n, embeddings going straight from the corrupt prompt to the clean one"
                : "∂F/∂n at the prompt that is changed";
        return "(n from the other prompt − n of its own) · %s, summed over the width".formatted(gradient);
    }

    private String words() {
        return switch (direction) {
            case NOISING -> "corrupt into clean";
            case DENOISING -> "clean into corrupt";
        };
    }

    private String title(String what) {
        return "Attribution patching (%s), %s: change of %s"
                .formatted(words(), what, pair.clean().label());
    }

    /** Where the prompts differ a position shows both tokens. */
    private List<String> positions() {
        List<String> clean = pair.clean().labels();
        List<String> corrupt = pair.corrupt().labels();
        return IntStream.range(0, clean.size())
                .mapToObj(position -> clean.get(position).equals(corrupt.get(position))
                        ? clean.get(position)
                        : clean.get(position) + "/" + corrupt.get(position))
                .toList();
    }

    private static List<String> rowLabels(AttributedPart part, int rows) {
        return part == AttributedPart.RESIDUAL ? Depths.labels(0, rows - 1) : numbers(rows);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static HeatMap map(double[][] scores) {
        return HeatMap.of(scores).valueTitle("change").diverging().firstRowAtBottom();
    }

    private List<Object> row(String label, double[] scores, double largest) {
        var row = new ArrayList<Object>();
        row.add(label);
        for (int position : pair.clean().provenance().inTable(0)) {
            double share = largest == 0 ? Double.NaN : 0.5 + scores[position] / largest / 2;
            row.add(Cell.of(scores[position]).shaded(ColorScale.BLUE_RED, share));
        }
        return row;
    }

    private static double largest(double[][] rows) {
        return Stream.of(rows)
                .flatMapToDouble(java.util.Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    private Table withNotes(Table table) {
        Table noted = table.note("%s: clean %s, corrupt %s"
                .formatted(pair.clean().label(), Numbers.plain(found.clean()), Numbers.plain(found.corrupt())));
        return isFlat() ? noted.note(flat()) : noted;
    }

    private boolean isFlat() {
        return Math.abs(found.clean() - found.corrupt()) < NO_DIFFERENCE;
    }

    private static String flat() {
        return "both prompts have the same metric (to within 1e-6), so there is no effect to share out; scores are changes as they are";
    }
}
