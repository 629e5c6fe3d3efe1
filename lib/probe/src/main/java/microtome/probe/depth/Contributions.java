package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.model.config.BlockOrder;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/**
 * How much attention, the MLP and the whole of every block add to the stream, and in which direction: a cosine above 0
 * strengthens what is there, one below 0 erases it, one near 0 writes something new.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás et al. 2025, section 2</a>
 */
public final class Contributions implements ProbeResult<List<Contributions.Measured>> {
    /**
     * One quantity of every block.
     *
     * @param byBlock its mean, median and maximum over positions, from the first block on
     */
    public record Measured(Quantity quantity, List<Spread> byBlock) {
        /** Keeps a copy. */
        public Measured {
            byBlock = List.copyOf(byBlock);
        }

        /** The means. */
        public double[] means() {
            return each(Spread::mean);
        }

        /** The medians. */
        public double[] medians() {
            return each(Spread::median);
        }

        /** The maxima. */
        public double[] maxima() {
            return each(Spread::maximum);
        }

        private double[] each(ToDoubleFunction<Spread> part) {
            return byBlock.stream().mapToDouble(part).toArray();
        }
    }

    private static final List<Quantity> SHARES =
            List.of(Quantity.ATTENTION_SHARE, Quantity.MLP_SHARE, Quantity.BLOCK_SHARE);
    private static final List<Quantity> COSINES =
            List.of(Quantity.ATTENTION_COSINE, Quantity.MLP_COSINE, Quantity.BLOCK_COSINE);
    private static final List<Quantity> NORMS =
            List.of(Quantity.STREAM_NORM, Quantity.ATTENTION_NORM, Quantity.MLP_NORM, Quantity.BLOCK_NORM);

    /** Bars of block 0 that are so many times as high as all others are cut to {@link #CUT} times these. */
    private static final double TOO_HIGH = 3;

    private static final double CUT = 1.2;

    private final List<Measured> measured;
    private final BlockOrder order;
    private final boolean withFirst;
    private final String stopped;
    private final Origin origin;

    /**
     * @param measured every quantity, in the order of the enum
     * @param stopped why it is not complete, or empty
     */
    Contributions(List<Measured> measured, BlockOrder order, boolean withFirst, String stopped, Origin origin) {
        this.measured = List.copyOf(measured);
        this.order = order;
        this.withFirst = withFirst;
        this.stopped = stopped;
        this.origin = origin;
    }

    /** One quantity of every block. */
    public Measured of(Quantity quantity) {
        return measured.get(quantity.ordinal());
    }

    /** Whether every prompt was read. */
    public boolean isComplete() {
        return stopped.isEmpty();
    }

    /**
     * Bars of the mean shares of attention, MLP and block. Block 0 of many models writes a stream many times as long as the
     * embedding; where its bars would hide all others they are cut, and the title says how long they are.
     */
    @Override
    public Figure plot() {
        double highest = SHARES.stream()
                .flatMapToDouble(share -> Arrays.stream(of(share).means()).skip(1))
                .max()
                .orElse(Double.NaN);
        boolean isCut = SHARES.stream().anyMatch(share -> of(share).means()[0] > TOO_HIGH * highest);
        BarChart chart = BarChart.over(labels());
        for (Quantity share : SHARES) {
            double[] means = of(share).means();
            means[0] = isCut ? Math.min(means[0], CUT * highest) : means[0];
            chart = chart.bars(share.part(), means);
        }
        String cut = isCut ? "; block 0 is cut: " + firstShares() : "";
        return chart.axisTitles("block", "|what it adds| / |stream|, mean")
                .title(title("Contributions to the stream" + cut))
                .figure();
    }

    private String firstShares() {
        return SHARES.stream()
                .map(share -> String.format(
                        Locale.ROOT, "%s %.2f", share.part(), of(share).means()[0]))
                .collect(Collectors.joining(", "));
    }

    /** Lines of the mean cosines of attention, MLP and block with the stream, around 0. */
    public Figure cosinePlot() {
        return lines(COSINES)
                .baseline("writes something new", new double[labels().size()])
                .range(-1, 1)
                .axisTitles("block", "cosine with the stream, mean")
                .title(title("Direction of contributions"))
                .figure();
    }

    /** Lines of the mean lengths of the stream and of what is added to it. */
    public Figure normPlot() {
        return lines(NORMS)
                .logarithmic()
                .axisTitles("block", "length, mean")
                .title(title("Lengths of the stream and of contributions"))
                .figure();
    }

    private LineChart lines(List<Quantity> quantities) {
        LineChart chart = LineChart.over(labels());
        for (Quantity quantity : quantities) {
            chart = chart.line(quantity.part(), of(quantity).means());
        }
        return chart;
    }

    private String title(String words) {
        return words
                + (order == BlockOrder.NORM_OF_SUM ? " (post-norm)" : "")
                + (isComplete() ? "" : " (stopped early)");
    }

    private List<String> labels() {
        return IntStream.range(0, measured.getFirst().byBlock().size())
                .mapToObj(Integer::toString)
                .toList();
    }

    /** A row for each block: of every quantity mean, median and maximum. */
    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("block"), Column.number("n", "%d")));
        for (Measured each : measured) {
            String formula = formula(each.quantity());
            columns.add(Column.number(formula, "%.4f"));
            columns.add(Column.number(formula + " median", "%.4f"));
            columns.add(Column.number(formula + " max", "%.4f"));
        }
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, labels().size()).mapToObj(this::row).toList())
                .caption(title("Contributions of every block, over positions%s".formatted(withFirst ? "" : " but 0")));
        return isComplete() ? table : table.note("not complete: " + stopped);
    }

    private List<Object> row(int block) {
        var cells = new ArrayList<Object>();
        cells.add(Integer.toString(block));
        cells.add(of(Quantity.STREAM_NORM).byBlock().get(block).n());
        for (Measured each : measured) {
            Spread spread = each.byBlock().get(block);
            for (double value : new double[] {spread.mean(), spread.median(), spread.maximum()}) {
                cells.add(Double.isNaN(value) ? Cell.missing(reason()) : Cell.of(value));
            }
        }
        return cells;
    }

    private String reason() {
        return of(Quantity.STREAM_NORM).byBlock().getFirst().n() > 0
                ? "a vector shorter than 1e-12 has no direction"
                : stopped;
    }

    private String formula(Quantity quantity) {
        return switch (order) {
            case NORM_FIRST, NORM_AROUND, NORM_OF_BRANCH -> quantity.formula();
            case PARALLEL -> quantity.formula().replace("(m, h + a)", "(m, h)").replace("|h + a|", "|h|");
            case NORM_OF_SUM ->
                quantity.formula()
                        .replace("(m, h + a)", "(m, r)")
                        .replace("|h + a|", "|r|")
                        .replace("|a + m|", "|h' - h|")
                        .replace("(a + m,", "(h' - h,");
        };
    }

    /** Every quantity, in the order of the enum. */
    @Override
    public List<Measured> values() {
        return measured;
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "contributions",
                        "h the stream before a block, a what attention adds, m what the MLP adds, h' the stream after it: "
                                + String.join(
                                        ", ",
                                        measured.stream()
                                                .map(each -> formula(each.quantity()))
                                                .toList()))
                .paper("https://arxiv.org/abs/2505.13898")
                .n(of(Quantity.STREAM_NORM).byBlock().getFirst().n())
                .fact("positions", withFirst ? "all" : "all but 0, which usually holds a massive activation")
                .fact("left out", leftOut());
        explanation = origin.on(explanation).note("denominators are at least 1e-6; sums are in double");
        String note = switch (order) {
            case NORM_FIRST -> "";
            case PARALLEL -> "attention and MLP read the same stream h, which is the denominator of both";
            case NORM_AROUND, NORM_OF_BRANCH ->
                "a and m are taken behind the norm that follows them: what is really added";
            case NORM_OF_SUM ->
                "post-norm model: a and m are taken before the norms of the sums h + a and r + m, r the normed first sum; the block's part is the difference h' - h of normed streams";
        };
        if (!note.isEmpty()) {
            explanation = explanation.note(note);
        }
        return isComplete() ? explanation : explanation.note("not complete: " + stopped);
    }

    private String leftOut() {
        int most = measured.stream()
                .flatMap(each -> each.byBlock().stream())
                .mapToInt(Spread::leftOut)
                .max()
                .orElse(0);
        return most == 0 ? "none" : "at most %d positions of a block, where a vector has no direction".formatted(most);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
