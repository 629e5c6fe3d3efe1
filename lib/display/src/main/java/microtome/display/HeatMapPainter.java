package microtome.display;

import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** Paints a grid of heat maps with labels and a colour bar. */
final class HeatMapPainter {
    private static final double LEAST_TEXT_SIZE = 7.5;
    private static final int BAR_STEPS = 256;

    private final HeatMapGrid grid;
    private final HeatMapGeometry geometry;
    private final Range range;
    private final ColorScale scale;
    private final Canvas canvas;

    private HeatMapPainter(HeatMapGrid grid) {
        this.grid = grid;
        this.geometry = HeatMapGeometry.of(grid);
        this.range = grid.range();
        this.scale = grid.panels().getFirst().scale();
        this.canvas = new Canvas(geometry.width(), geometry.height());
    }

    static Canvas paint(HeatMapGrid grid) {
        var painter = new HeatMapPainter(grid);
        var title = TitleLines.of(grid.title(), painter.geometry.titleWidth());
        Painter.title(painter.canvas, title, painter.geometry.left());
        for (int panel = 0; panel < grid.panels().size(); panel++) {
            painter.paintPanel(panel);
        }
        painter.paintColorBar();
        return painter.canvas;
    }

    private void paintPanel(int index) {
        var panel = geometry.panels().get(index);
        var map = panel.map();
        var box = geometry.box(index);
        canvas.picture(pixels(map), box);
        if (panel.hasGaps()) {
            paintGaps(map, box);
        }
        if (!map.text().isEmpty()) {
            paintText(map, box);
        }
        HeatMapCells.clipped(map, range).forEach(cell -> paintMark(map, box, cell));
        if (geometry.labelsRows(index)) {
            paintRowLabels(panel, box);
        }
        if (geometry.labelsColumns(index)) {
            paintColumnLabels(panel, box);
        }
        var style = Canvas.Style.of(HeatMapGeometry.PANEL_TITLE_SIZE, Canvas.Align.MIDDLE);
        canvas.text(map.title(), box.centerX(), box.y() - 11, style);
    }

    /** One pixel for each cell. */
    private BufferedImage pixels(HeatMap map) {
        var image = new BufferedImage(map.columns(), map.rows(), BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < map.rows(); row++) {
            for (int column = 0; column < map.columns(); column++) {
                image.setRGB(
                        column,
                        place(map, row),
                        color(map.values()[row][column]).packed());
            }
        }
        return image;
    }

    private Rgb color(double value) {
        return Double.isNaN(value) ? Rgb.GAP : scale.at(range.share(value));
    }

    private void paintGaps(HeatMap map, Box box) {
        for (int row = 1; row < map.rows(); row++) {
            var y = box.y() + row * box.height() / map.rows();
            canvas.line(box.x(), y, box.right(), y, Rgb.PAPER);
        }
        for (int column = 1; column < map.columns(); column++) {
            var x = box.x() + column * box.width() / map.columns();
            canvas.line(x, box.y(), x, box.bottom(), Rgb.PAPER);
        }
    }

    /** All texts in one size, cut to fit their cells, or none when the cells are too low to read. */
    private void paintText(HeatMap map, Box box) {
        var size = Math.min(HeatMapGeometry.TEXT_SIZE, box.height() / map.rows() * 0.7);
        if (size < LEAST_TEXT_SIZE) {
            return;
        }
        for (int row = 0; row < map.rows(); row++) {
            for (int column = 0; column < map.columns(); column++) {
                var word = map.text().get(row).get(column);
                var cell = cell(map, box, row, column);
                var style = Canvas.Style.of(size, Canvas.Align.MIDDLE)
                        .color(color(map.values()[row][column]).contrast());
                canvas.text(fitting(word, size, cell.width() - 4), cell.centerX(), cell.centerY(), style);
            }
        }
    }

    /** The text, cut with an ellipsis to {@code width} pixels; nothing if not even two characters fit. */
    private static String fitting(String text, double size, double width) {
        for (int columns = TextWidth.of(text); columns >= 2 || columns == TextWidth.of(text); columns--) {
            var cut = TextWidth.cut(text, columns);
            if (Lettering.width(cut, size, false) <= width) {
                return cut;
            }
        }
        return "";
    }

    private void paintMark(HeatMap map, Box box, HeatMapCells.Clipped clipped) {
        var cell = cell(map, box, clipped.row(), clipped.column());
        var size = Math.clamp(Math.min(cell.width(), cell.height()) / 4, 1.2, 5);
        var up = clipped.above() ? -1 : 1;
        var x = cell.right() - size - 2;
        var y = clipped.above() ? cell.y() + size + 1 : cell.bottom() - size - 1;
        var triangle = new Path2D.Double();
        triangle.moveTo(x, y + up * size * 0.8);
        triangle.lineTo(x - size, y - up * size * 0.6);
        triangle.lineTo(x + size, y - up * size * 0.6);
        triangle.closePath();
        canvas.fill(triangle, scale.at(clipped.above() ? 1 : 0).contrast(), 1);
    }

    private void paintRowLabels(HeatMapGeometry.Panel panel, Box box) {
        var map = panel.map();
        var labels = LabelPlan.cut(map.rowLabels());
        for (var row : panel.rows().drawn(map.rows())) {
            var y = cell(map, box, row, 0).centerY();
            canvas.text(labels.get(row), box.x() - 6, y, Axes.LABEL.apply(Canvas.Align.END));
        }
        canvas.upright(map.rowTitle(), box.x() - panel.rows().extent() - 10, box.centerY(), Axes.TITLE);
    }

    private void paintColumnLabels(HeatMapGeometry.Panel panel, Box box) {
        var map = panel.map();
        var labels = LabelPlan.cut(map.columnLabels());
        for (var column : panel.columns().drawn(map.columns())) {
            var x = cell(map, box, 0, column).centerX();
            Axes.placeLabel(canvas, labels.get(column), x, box.bottom(), panel.columns());
        }
        canvas.text(
                map.columnTitle(), box.centerX(), box.bottom() + panel.columns().extent() + 9, Axes.TITLE);
    }

    private void paintColorBar() {
        var box = geometry.colorBar();
        var image = new BufferedImage(1, BAR_STEPS, BufferedImage.TYPE_INT_RGB);
        for (int step = 0; step < BAR_STEPS; step++) {
            image.setRGB(
                    0, BAR_STEPS - 1 - step, scale.at(step / (BAR_STEPS - 1.0)).packed());
        }
        canvas.picture(image, box);
        var ticks = Ticks.linear(range, Math.clamp((int) (box.height() / 40), 2, 6));
        for (var value : ticks.values()) {
            var y = box.bottom() - ticks.share(value) * box.height();
            canvas.line(box.right(), y, box.right() + 4, y, Rgb.AXIS);
            canvas.text(ticks.label(value), box.right() + 7, y, Axes.LABEL.apply(Canvas.Align.START));
        }
        var title = grid.panels().getFirst().valueTitle();
        canvas.upright(title, box.right() + 8 + HeatMapGeometry.BAR_LABELS, box.centerY(), Axes.TITLE);
    }

    private static Box cell(HeatMap map, Box box, int row, int column) {
        var width = box.width() / map.columns();
        var height = box.height() / map.rows();
        return new Box(box.x() + column * width, box.y() + place(map, row) * height, width, height);
    }

    /** How many rows are above row {@code row}. */
    private static int place(HeatMap map, int row) {
        return map.isFirstRowAtBottom() ? map.rows() - 1 - row : row;
    }
}
