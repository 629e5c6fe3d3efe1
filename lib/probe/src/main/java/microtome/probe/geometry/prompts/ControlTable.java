package microtome.probe.geometry.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Progress;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.ProbeResult;
import microtome.probe.geometry.control.Control;

/** The numbers of a plan beside those under controls: what stays under a control says nothing of what the model learned. */
public final class ControlTable implements ProbeResult<List<ControlTable.Row>> {
    private static final int COMPONENTS = 50;

    /**
     * The geometry of all prompts under one control, means over the prompts.
     *
     * @param control in words; {@code none} for the states as they are
     * @param length of the paths
     * @param unitLength of the paths on the unit sphere
     * @param curvature mean angle in radians
     * @param cosine of neighbouring layers
     * @param similarity rank correlation of neighbouring layers
     * @param convergence the convergence index, mean over the layers
     * @param peak its largest value
     * @param reason why there are no numbers, or empty
     */
    public record Row(
            String control,
            double length,
            double unitLength,
            double curvature,
            double cosine,
            double similarity,
            double convergence,
            double peak,
            String reason) {
        static Row missing(String control, String reason) {
            double none = Double.NaN;
            return new Row(control, none, none, none, none, none, none, none, reason);
        }
    }

    private record Quantity(String name, ToDoubleFunction<Row> of) {}

    private static final List<Quantity> QUANTITIES = List.of(
            new Quantity("length", Row::length),
            new Quantity("length on the unit sphere", Row::unitLength),
            new Quantity("mean curvature", Row::curvature),
            new Quantity("mean cosine", Row::cosine),
            new Quantity("similarity of neighbours", Row::similarity),
            new Quantity("mean convergence index", Row::convergence),
            new Quantity("largest convergence index", Row::peak));

    private final Setting setting;
    private final int prompts;
    private final Rows rows;
    private final List<Row> all;

    ControlTable(Setting setting, int prompts, Rows rows, List<Row> all) {
        this.setting = setting;
        this.prompts = prompts;
        this.rows = rows;
        this.all = List.copyOf(all);
    }

    /**
     * Permuted labels, a random network, layers shuffled per prompt, Gaussian states, principal components and a random
     * projection, with the seeds of the paper's code where it has some.
     */
    public static List<Control> standard() {
        return List.of(
                Control.labelPermutation(42),
                Control.randomNetwork(0),
                Control.layerShuffle(1),
                Control.gaussian(2),
                Control.principalComponents(COMPONENTS),
                Control.randomProjection(COMPONENTS, 3));
    }

    static ControlTable of(PromptGeometry plan, Control... controls) {
        PromptPaths plain = plan.paths();
        var rows = new ArrayList<Row>();
        try (var progress = Progress.of("controls", controls.length + 1L)) {
            rows.add(row("none", plain, plan.options().rows()));
            progress.step();
            for (Control control : controls) {
                rows.add(controlled(plan, control));
                progress.step();
            }
        }
        return new ControlTable(
                plain.setting(), plain.sample().size(), plan.options().rows(), rows);
    }

    /** Every number under every control, divided by that of the states as they are. */
    @Override
    public Figure plot() {
        BarChart chart = BarChart.over(QUANTITIES.stream().map(Quantity::name).toList());
        Row real = all.getFirst();
        for (Row row : all) {
            chart = chart.bars(
                    row.control(),
                    QUANTITIES.stream()
                            .mapToDouble(each ->
                                    each.of().applyAsDouble(row) / each.of().applyAsDouble(real))
                            .toArray());
        }
        return chart.axisTitles("quantity", "relative to the states as they are")
                .title(setting.title("Controls"))
                .figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(Column.text("control")));
        QUANTITIES.forEach(quantity -> columns.add(Column.number(quantity.name())));
        Table table = Table.of(columns.toArray(Column[]::new)).caption(setting.title("Controls"));
        for (Row row : all) {
            var cells = new ArrayList<Object>(List.of(row.control()));
            for (Quantity quantity : QUANTITIES) {
                cells.add(Shown.cell(
                        quantity.of().applyAsDouble(row),
                        row.reason().isEmpty()
                                ? "not defined for these states; its own result says why"
                                : row.reason()));
            }
            table = table.row(cells.toArray());
        }
        return table;
    }

    @Override
    public List<Row> values() {
        return all;
    }

    /**
     * The numbers under one control.
     *
     * @throws IllegalArgumentException if it is not among these
     */
    public Row of(Control control) {
        return all.stream()
                .filter(row -> row.control().equals(control.label()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("control '%s' is not in this table; there are %s"
                        .formatted(
                                control.label(), all.stream().map(Row::control).toList())));
    }

    @Override
    public Explanation explain() {
        return setting.explanation(
                        "controls",
                        "means over the prompts of the numbers of summary(), mean of similarity(), mean and largest value of convergence() on "
                                + rows.label())
                .n(prompts)
                .fact(
                        "controls",
                        String.join("; ", all.stream().skip(1).map(Row::control).toList()))
                .note(
                        "independent points without a preferred direction turn by 2 pi / 3 = 2.0944 and step by sqrt 2 on the unit sphere");
    }

    @Override
    public String toString() {
        return plainText();
    }

    private static Row controlled(PromptGeometry plan, Control control) {
        try {
            return row(
                    control.label(), plan.under(control).paths(), plan.options().rows());
        } catch (IllegalStateException noModel) {
            return Row.missing(control.label(), noModel.getMessage());
        }
    }

    private static Row row(String control, PromptPaths paths, Rows rows) {
        double[][] scalars = paths.each(path -> IntStream.range(0, PathScalar.values().length)
                .mapToDouble(index -> PathScalar.values()[index].of(path))
                .toArray());
        int[] classes = paths.sample().classNumbers();
        double[] index = IntStream.range(0, paths.layers())
                .mapToDouble(layer -> Convergence.split(Distances.between(paths.rows(layer), rows), classes)
                        .index())
                .toArray();
        return new Row(
                control,
                mean(scalars, PathScalar.LENGTH),
                mean(scalars, PathScalar.UNIT_LENGTH),
                mean(scalars, PathScalar.CURVATURE),
                mean(scalars, PathScalar.COSINE),
                RepresentationalSimilarity.meanOfNeighbours(paths).value(),
                Average.of(index).value(),
                IntStream.range(0, index.length)
                        .mapToDouble(layer -> index[layer])
                        .filter(value -> !Double.isNaN(value))
                        .max()
                        .orElse(Double.NaN),
                "");
    }

    private static double mean(double[][] scalars, PathScalar scalar) {
        return Average.of(Band.column(scalars, scalar.ordinal())).value();
    }
}
