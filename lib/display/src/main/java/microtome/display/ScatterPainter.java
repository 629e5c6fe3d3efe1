package microtome.display;

import java.awt.BasicStroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Paints a scatter chart. */
final class ScatterPainter {
    private static final BasicStroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);

    private final ScatterChart chart;
    private final ScatterGeometry geometry;
    private final Canvas canvas;
    private final BasicStroke solid;
    private final double pathOpacity;

    private ScatterPainter(ScatterChart chart) {
        this.chart = chart;
        this.geometry = ScatterGeometry.of(chart);
        this.canvas = new Canvas(geometry.area().width(), geometry.area().height());
        this.solid = new BasicStroke(
                (float) ScatterGeometry.lineWidth(chart), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        this.pathOpacity = ScatterGeometry.pathOpacity(chart);
    }

    static Canvas paint(ScatterChart chart) {
        var painter = new ScatterPainter(chart);
        var area = painter.geometry.area();
        painter.paintAxes();
        painter.canvas.clip(area.box());
        painter.geometry.references().forEach(painter::paintReference);
        chart.series().forEach(painter::paintSeries);
        var labels = painter.geometry.labels();
        for (int index = 0; index < labels.size(); index++) {
            painter.paintLabels(chart.series().get(index), labels.get(index));
        }
        painter.canvas.unclip();
        Axes.legend(painter.canvas, area, painter::paintSample);
        return painter.canvas;
    }

    private void paintAxes() {
        var box = geometry.area().box();
        Painter.title(canvas, geometry.area().titleLines(chart.title()), box.x());
        Axes.valuesRightwards(canvas, box, geometry.xTicks());
        Axes.valuesUpwards(canvas, box, geometry.yTicks());
        Axes.titles(canvas, geometry.area(), chart.xTitle(), chart.yTitle());
    }

    private void paintReference(ScatterGeometry.Line line) {
        if (line.x().length == 0) {
            return; // the diagonal may lie outside
        }
        var path = new Path2D.Double();
        path.moveTo(geometry.x(line.x()[0]), geometry.y(line.y()[0]));
        for (int point = 1; point < line.x().length; point++) {
            path.lineTo(geometry.x(line.x()[point]), geometry.y(line.y()[point]));
        }
        canvas.stroke(path, Rgb.AXIS, DASHED);
        var x = geometry.x(line.x()[0]) + 4;
        var y = geometry.y(line.y()[0]) + (line.isUpright() ? 10 : -9);
        canvas.text(line.name(), x, y, Axes.LABEL.apply(Canvas.Align.START).muted());
    }

    private void paintSeries(ScatterChart.Series series) {
        var color = ScatterGeometry.color(chart, series.name());
        if (series.isPath()) {
            paintPath(series, color);
        }
        var ends = series.isPath() ? ScatterGeometry.ends(chart, series) : new int[0];
        var opacity = series.isPath() ? pathOpacity : ScatterGeometry.opacity(chart);
        for (int point = 0; point < series.size(); point++) {
            if (chart.shows(series, point)) {
                var x = geometry.x(series.x()[point]);
                var y = geometry.y(series.y()[point]);
                if (ends.length == 2 && point == ends[1]) {
                    square(x, y, color);
                } else if (ends.length == 2 && point == ends[0]) {
                    ring(x, y, color);
                } else {
                    dot(x, y, color, opacity);
                }
            }
        }
    }

    private void paintPath(ScatterChart.Series series, Rgb color) {
        var path = new Path2D.Double();
        var drawing = false;
        for (int point = 0; point < series.size(); point++) {
            if (!chart.shows(series, point)) {
                drawing = false;
                continue;
            }
            var x = geometry.x(series.x()[point]);
            var y = geometry.y(series.y()[point]);
            if (drawing) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
            }
            drawing = true;
        }
        canvas.fill(solid.createStrokedShape(path), color, pathOpacity);
    }

    private void paintLabels(ScatterChart.Series series, List<String> labels) {
        for (int point = 0; point < labels.size(); point++) {
            if (!labels.get(point).isEmpty()) {
                var x = geometry.x(series.x()[point]);
                var y = geometry.y(series.y()[point]);
                canvas.text(labels.get(point), x, y - 11, Axes.LABEL.apply(Canvas.Align.MIDDLE));
            }
        }
    }

    private void paintSample(int index, double x, double y) {
        var name = chart.names().get(index);
        var color = ScatterGeometry.color(chart, name);
        if (chart.series().stream().anyMatch(series -> series.name().equals(name) && series.isPath())) {
            canvas.stroke(new Line2D.Double(x, y, x + 20, y), color, solid);
        }
        canvas.fill(new Ellipse2D.Double(x + 7, y - 3, 6, 6), color, 1);
    }

    private void dot(double x, double y, Rgb color, double opacity) {
        var size = ScatterGeometry.dot(chart);
        canvas.fill(new Ellipse2D.Double(x - size / 2, y - size / 2, size, size), color, opacity);
    }

    private void ring(double x, double y, Rgb color) {
        var size = ScatterGeometry.end(chart);
        var ring = new Ellipse2D.Double(x - size / 2, y - size / 2, size, size);
        canvas.fill(ring, Rgb.PAPER, 1);
        canvas.stroke(ring, color, solid);
    }

    private void square(double x, double y, Rgb color) {
        var size = ScatterGeometry.end(chart);
        canvas.fill(new Rectangle2D.Double(x - size / 2, y - size / 2, size, size), color, pathOpacity);
    }
}
