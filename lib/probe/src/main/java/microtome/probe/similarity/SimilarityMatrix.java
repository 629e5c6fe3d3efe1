package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;

/** How alike layers are, each of the rows with each of the columns: of one model with itself, or of two models. */
public final class SimilarityMatrix implements ProbeResult<SimilarityMatrix.Values> {
    /**
     * The similarities; NaN where there is none.
     *
     * @param matrix {@code [rows, columns]}
     * @param neighbours of each layer with the next, {@code [layers - 1]}; none between two models
     */
    public record Values(double[][] matrix, double[] neighbours) {}

    /**
     * The layers along one side.
     *
     * @param title whose they are, such as {@code layer}
     * @param labels what they are called
     * @param components how many principal components of each were compared; none where all directions count
     */
    record Side(String title, List<String> labels, List<Integer> components) {
        Side {
            labels = List.copyOf(labels);
            components = List.copyOf(components);
        }

        Side(String title, List<String> labels) {
            this(title, labels, List.of());
        }
    }

    /** A missing number, and why. */
    record Gap(int row, int column, String reason) {}

    private static final int REASONS = 3;
    private static final double ROUNDING = 1e-6;

    private final SimilarityMeasure measure;
    private final Side rows;
    private final Side columns;
    private final boolean ofOneModel;
    private final double[][] matrix;
    private final List<Gap> gaps;
    private final Origin origin;

    /** @param origin with the number of rows that were compared among its inputs */
    SimilarityMatrix(
            SimilarityMeasure measure,
            Side rows,
            Side columns,
            boolean ofOneModel,
            double[][] matrix,
            List<Gap> gaps,
            Origin origin) {
        this.measure = measure;
        this.rows = rows;
        this.columns = columns;
        this.ofOneModel = ofOneModel;
        this.matrix = Copies.of(matrix);
        this.gaps = List.copyOf(gaps);
        this.origin = origin;
        if (matrix.length != rows.labels().size()
                || matrix[0].length != columns.labels().size()) {
            throw new IllegalArgumentException("similarities [%d, %d] of %d and %d layers"
                    .formatted(
                            matrix.length,
                            matrix[0].length,
                            rows.labels().size(),
                            columns.labels().size()));
        }
    }

    /** Layer by layer as colours from 0 to 1; a missing one is grey and says why. */
    @Override
    public Figure plot() {
        HeatMap map = HeatMap.of(shown())
                .rowLabels(rows.labels())
                .columnLabels(columns.labels())
                .axisTitles(rows.title(), columns.title())
                .valueTitle(measure.label())
                .range(0, 1)
                .hover(hover())
                .firstRowAtBottom()
                .title(title());
        return (ofOneModel ? map.square() : map).figure();
    }

    /** The similarity of each layer with the next, as a line; of two models, of each layer with its best match. */
    public Figure neighboursPlot() {
        if (!ofOneModel) {
            return LineChart.over(rows.labels())
                    .line("best match", bestMatches())
                    .axisTitles(rows.title(), measure.label())
                    .title("Best match of each layer: " + measure.label())
                    .figure();
        }
        boolean one = rows.labels().size() == 1;
        return LineChart.over(one ? rows.labels() : Depths.between(rows.labels()))
                .line(measure.label(), one ? new double[] {Double.NaN} : neighboursOnly())
                .axisTitles("step between layers", measure.label())
                .title("Similarity of neighbours: " + measure.label())
                .figure();
    }

    /** Every similarity. */
    @Override
    public Table table() {
        var heads = new ArrayList<Column>();
        heads.add(Column.text(rows.title()));
        columns.labels().forEach(label -> heads.add(Column.number(label, "%.4f")));
        return Table.of(heads.toArray(Column[]::new))
                .rows(IntStream.range(0, matrix.length).mapToObj(this::tableRow).toList())
                .caption(title());
    }

    /** Each layer with the next; of two models, each layer with its best match in the other. */
    public Table neighbours() {
        return ofOneModel ? ofNeighbours() : ofBestMatches();
    }

    @Override
    public Values values() {
        return new Values(Copies.of(matrix), ofOneModel ? neighboursOnly() : new double[0]);
    }

    /** The mean similarity of neighbours; of two models, of the best matches. */
    public Average mean() {
        return Average.of(ofOneModel ? neighboursOnly() : bestMatches());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(measure.label(), measure.formula())
                .paper(measure.paper())
                .n((long) matrix.length * matrix[0].length)
                .fact("left out", gaps.size())
                .fact("layers", ofOneModel ? rows.labels().toString() : rows.labels() + " by " + columns.labels());
        if (!rows.components().isEmpty()) {
            explanation = explanation.fact(
                    "components kept",
                    ofOneModel ? rows.components().toString() : rows.components() + " by " + columns.components());
        }
        if (measure instanceof SimilarityMeasure.WeightedCanonical) {
            explanation = explanation.note("weights are those of the layer of the row, so the matrix is not symmetric");
        }
        List<String> reasons = gaps.stream().map(Gap::reason).distinct().toList();
        for (String reason : reasons.subList(0, Math.min(REASONS, reasons.size()))) {
            explanation = explanation.note("missing: " + reason);
        }
        if (reasons.size() > REASONS) {
            explanation = explanation.note(
                    "missing for %d more reasons; the table has them all".formatted(reasons.size() - REASONS));
        }
        return origin.on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String title() {
        String between = ofOneModel ? "between layers" : "between the layers of two models";
        return "%s %s%s"
                .formatted(
                        measure.label(),
                        between,
                        gaps.isEmpty()
                                ? ""
                                : " (%d missing: %s)"
                                        .formatted(gaps.size(), gaps.getFirst().reason()));
    }

    private Table ofNeighbours() {
        boolean procrustes = measure instanceof SimilarityMeasure.OrthogonalProcrustes;
        var heads = new ArrayList<Column>(List.of(Column.text("step"), Column.number("similarity", "%.4f")));
        if (procrustes) {
            heads.add(Column.number("distance", "%.4f"));
            heads.add(Column.number("angle", "%.4f"));
        }
        Table table = Table.of(heads.toArray(Column[]::new)).caption("Neighbours: " + measure.label());
        List<String> steps = Depths.between(rows.labels());
        for (int i = 0; i < steps.size(); i++) {
            var row = new ArrayList<Object>(List.of(steps.get(i), cell(i, i + 1)));
            if (procrustes) {
                var turned = new Procrustes(matrix[i][i + 1]);
                row.add(turned.distance());
                row.add(turned.angle());
            }
            table = table.rows(List.of(row));
        }
        return table;
    }

    private Table ofBestMatches() {
        Table table = Table.of(
                        Column.text(rows.title()),
                        Column.text("best match in " + columns.title()),
                        Column.number("similarity", "%.4f"))
                .caption("Best matches: " + measure.label());
        for (int row = 0; row < matrix.length; row++) {
            int best = best(row);
            table = best < 0
                    ? table.row(rows.labels().get(row), "none", cell(row, 0))
                    : table.row(rows.labels().get(row), columns.labels().get(best), matrix[row][best]);
        }
        return table;
    }

    private double[] neighboursOnly() {
        return IntStream.range(1, matrix.length)
                .mapToDouble(i -> matrix[i - 1][i])
                .toArray();
    }

    private double[] bestMatches() {
        return IntStream.range(0, matrix.length)
                .mapToDouble(row -> best(row) < 0 ? Double.NaN : matrix[row][best(row)])
                .toArray();
    }

    private int best(int row) {
        int best = -1;
        for (int column = 0; column < matrix[row].length; column++) {
            if (!Double.isNaN(matrix[row][column]) && (best < 0 || matrix[row][column] > matrix[row][best])) {
                best = column;
            }
        }
        return best;
    }

    private List<Object> tableRow(int row) {
        var cells = new ArrayList<Object>();
        cells.add(rows.labels().get(row));
        IntStream.range(0, matrix[row].length).forEach(column -> cells.add(cell(row, column)));
        return cells;
    }

    private Cell cell(int row, int column) {
        return Double.isNaN(matrix[row][column]) ? Cell.missing(reason(row, column)) : Cell.of(matrix[row][column]);
    }

    private String reason(int row, int column) {
        return gaps.stream()
                .filter(gap -> gap.row() == row && gap.column() == column)
                .map(Gap::reason)
                .findFirst()
                .orElse("not computed");
    }

    private String[][] hover() {
        return IntStream.range(0, matrix.length)
                .mapToObj(row -> IntStream.range(0, matrix[row].length)
                        .mapToObj(column -> Double.isNaN(matrix[row][column])
                                ? "%s, %s: %s"
                                        .formatted(label(row), columns.labels().get(column), reason(row, column))
                                : "%s, %s: %.4f"
                                        .formatted(label(row), columns.labels().get(column), matrix[row][column]))
                        .toArray(String[]::new))
                .toArray(String[][]::new);
    }

    /** Without what rounding adds to 1, which would be marked as beyond the scale. */
    private double[][] shown() {
        return Arrays.stream(matrix)
                .map(row -> Arrays.stream(row)
                        .map(value -> value > 1 && value < 1 + ROUNDING ? 1 : value)
                        .toArray())
                .toArray(double[][]::new);
    }

    private String label(int row) {
        return rows.labels().get(row);
    }
}
