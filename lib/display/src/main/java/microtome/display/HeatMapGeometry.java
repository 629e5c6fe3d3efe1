package microtome.display;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the parts of a grid of heat maps lie, in pixels; the same for Plotly and for the static picture, and the same
 * on every machine.
 *
 * @param grid what is laid out
 * @param panels one for each heat map
 */
record HeatMapGeometry(HeatMapGrid grid, List<Panel> panels) {
    static final double TITLE_SIZE = 15;
    static final double PANEL_TITLE_SIZE = 12;
    static final double AXIS_TITLE_SIZE = 12;
    static final double TEXT_SIZE = 11;
    static final double BAR_WIDTH = 14;
    static final double BAR_LABELS = 46;

    private static final double AXIS_TITLE = 22;
    private static final double EDGE = 10;
    private static final double LEAST_TITLE_WIDTH = 560;
    private static final double HIGHEST_BAR = 320;

    /** Sizes of one heat map. */
    record Panel(HeatMap map, double cellWidth, double cellHeight, LabelPlan rows, LabelPlan columns) {
        private static final double LEAST_WITH_GAPS = 10;

        double width() {
            return map.columns() * cellWidth;
        }

        double height() {
            return map.rows() * cellHeight;
        }

        /** True if cells are large enough for a line of paper between them. */
        boolean hasGaps() {
            return Math.min(cellWidth, cellHeight) >= LEAST_WITH_GAPS;
        }

        /** A heat map within {@code width} by {@code height} pixels, larger only where cells would vanish. */
        static Panel of(HeatMap map, double width, double height, boolean single) {
            var cellWidth = Math.min(idealWidth(map), width / map.columns());
            var cellHeight = Math.min(map.text().isEmpty() ? 30.0 : 24.0, height / map.rows());
            if (map.isSquare()) {
                cellWidth = Math.min(cellWidth, height / map.rows());
                cellHeight = cellWidth;
            }
            cellWidth = Math.max(cellWidth, (single ? 150.0 : 50.0) / map.columns());
            cellHeight = Math.max(cellHeight, (single ? 60.0 : 30.0) / map.rows());
            return new Panel(
                    map,
                    cellWidth,
                    cellHeight,
                    LabelPlan.ofRows(map.rowLabels(), cellHeight),
                    LabelPlan.ofColumns(map.columnLabels(), cellWidth));
        }

        /** Wide enough for the texts in the cells, or for the labels under them. */
        private static double idealWidth(HeatMap map) {
            var words = map.text().stream().flatMap(List::stream).mapToDouble(word -> pixels(word) + 10);
            var labels = map.columnLabels().stream().mapToDouble(label -> pixels(label) + 8);
            return map.text().isEmpty()
                    ? Math.clamp(labels.max().orElseThrow(), 42.0, 72.0)
                    : Math.clamp(words.max().orElseThrow(), 42.0, 130.0);
        }

        private static double pixels(String text) {
            return TextWidth.pixels(text, TEXT_SIZE);
        }
    }

    static HeatMapGeometry of(HeatMapGrid grid) {
        var single = grid.panels().size() == 1;
        var width = single ? 760.0 : Math.clamp(600.0 / grid.across(), 60.0, 260.0);
        var height = single ? 520.0 : Math.clamp(540.0 / grid.down(), 60.0, 260.0);
        var panels = grid.panels().stream()
                .map(map -> Panel.of(map, width, height, single))
                .toList();
        return new HeatMapGeometry(grid, panels);
    }

    int width() {
        var title = Math.min(LEAST_TITLE_WIDTH, TitleLines.width(grid.title()) + TitleLines.BUTTONS + EDGE);
        return (int) Math.ceil(left() + Math.max(plotWidth() + right(), title));
    }

    int height() {
        return (int) Math.ceil(top() + plotHeight() + bottom());
    }

    /** Pixels that a line of the title may take. */
    double titleWidth() {
        return width() - left() - TitleLines.BUTTONS - EDGE;
    }

    double left() {
        return EDGE
                + axisTitle(first().rowTitle())
                + largest(panel -> panel.rows().extent());
    }

    double top() {
        return TitleLines.height(grid.title(), titleWidth()) + panelTitle();
    }

    double bottom() {
        return columnLabels() + EDGE;
    }

    double plotWidth() {
        return grid.across() * slotWidth() + (grid.across() - 1) * gapX();
    }

    double plotHeight() {
        return grid.down() * slotHeight() + (grid.down() - 1) * gapY();
    }

    /** The cells of panel {@code index}. */
    Box box(int index) {
        var panel = panels.get(index);
        return new Box(
                left() + index % grid.across() * (slotWidth() + gapX()),
                top() + index / grid.across() * (slotHeight() + gapY()),
                panel.width(),
                panel.height());
    }

    Box colorBar() {
        var height = Math.min(plotHeight(), HIGHEST_BAR);
        return new Box(left() + plotWidth() + 12, top() + (plotHeight() - height) / 2, BAR_WIDTH, height);
    }

    boolean labelsRows(int panel) {
        return !grid.sharesLabels() || panel % grid.across() == 0;
    }

    boolean labelsColumns(int panel) {
        return !grid.sharesLabels() || panel + grid.across() >= grid.panels().size();
    }

    private HeatMap first() {
        return grid.panels().getFirst();
    }

    private double right() {
        return EDGE + BAR_WIDTH + 8 + BAR_LABELS + axisTitle(first().valueTitle());
    }

    private double slotWidth() {
        return largest(Panel::width);
    }

    private double slotHeight() {
        return largest(Panel::height);
    }

    private double gapX() {
        return grid.sharesLabels() ? 14 : left() + 8;
    }

    private double gapY() {
        return panelTitle() + 10 + (grid.sharesLabels() ? 0 : columnLabels());
    }

    private double columnLabels() {
        return largest(panel -> panel.columns().extent()) + axisTitle(first().columnTitle());
    }

    private double panelTitle() {
        return grid.panels().stream().allMatch(panel -> panel.title().isEmpty()) ? 0 : 20;
    }

    private double largest(ToDoubleFunction<Panel> size) {
        return panels.stream().mapToDouble(size).max().orElseThrow();
    }

    private static double axisTitle(String title) {
        return title.isEmpty() ? 0 : AXIS_TITLE;
    }
}
