package microtome.display;

import java.awt.BasicStroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/** Paints a line chart. */
final class LinePainter {
    private static final BasicStroke SOLID = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);

    private final LineChart chart;
    private final PlotArea area;
    private final Box box;
    private final Ticks ticks;
    private final Range places;
    private final Canvas canvas;

    private LinePainter(LineChart chart) {
        this.chart = chart;
        this.area = LinePlot.area(chart);
        this.box = area.box();
        this.ticks = LinePlot.ticks(chart);
        this.places = LinePlot.xRange(chart);
        this.canvas = new Canvas(area.width(), area.height());
    }

    static Canvas paint(LineChart chart) {
        var painter = new LinePainter(chart);
        painter.paintAxes();
        painter.canvas.clip(painter.box);
        chart.lines().stream().filter(line -> line.low() != null).forEach(painter::paintBand);
        chart.lines().forEach(painter::paintLine);
        painter.canvas.unclip();
        Axes.legend(painter.canvas, painter.area, painter::paintSample);
        return painter.canvas;
    }

    private void paintAxes() {
        Painter.title(canvas, area.titleLines(chart.title()), box.x());
        Axes.valuesUpwards(canvas, box, ticks);
        if (chart.labels().isEmpty()) {
            Axes.numbersBelow(canvas, box, Ticks.linear(places, 8));
        } else {
            Axes.placesBelow(canvas, box, chart.labels(), area.labels());
        }
        Axes.titles(canvas, area, chart.xTitle(), chart.yTitle());
    }

    private void paintBand(LineChart.Line line) {
        for (var stretch : LinePlot.stretches(LinePlot.bandShown(chart, line))) {
            var shape = new Path2D.Double();
            shape.moveTo(x(stretch[0]), y(line.low()[stretch[0]]));
            for (int place = stretch[0] + 1; place <= stretch[1]; place++) {
                shape.lineTo(x(place), y(line.low()[place]));
            }
            for (int place = stretch[1]; place >= stretch[0]; place--) {
                shape.lineTo(x(place), y(line.high()[place]));
            }
            shape.closePath();
            canvas.fill(shape, color(line), LinePlot.BAND_OPACITY);
        }
    }

    private void paintLine(LineChart.Line line) {
        for (var stretch : LinePlot.stretches(LinePlot.shown(chart, line.values()))) {
            var path = new Path2D.Double();
            path.moveTo(x(stretch[0]), y(line.values()[stretch[0]]));
            for (int place = stretch[0] + 1; place <= stretch[1]; place++) {
                path.lineTo(x(place), y(line.values()[place]));
            }
            canvas.stroke(path, color(line), line.isBaseline() ? DASHED : SOLID);
            var alone = stretch[0] == stretch[1]; // a point between gaps would be invisible without its dot
            for (int place = stretch[0]; place <= stretch[1]; place++) {
                if (alone || chart.hasMarkers() && !line.isBaseline()) {
                    dot(x(place), y(line.values()[place]), color(line));
                }
            }
        }
    }

    private void paintSample(int index, double x, double y) {
        var line = chart.lines().get(index);
        canvas.stroke(new Line2D.Double(x, y, x + 20, y), color(line), line.isBaseline() ? DASHED : SOLID);
        if (chart.hasMarkers() && !line.isBaseline()) {
            dot(x + 10, y, color(line));
        }
    }

    private void dot(double x, double y, Rgb color) {
        canvas.fill(new Ellipse2D.Double(x - 2.5, y - 2.5, 5, 5), color, 1);
    }

    private Rgb color(LineChart.Line line) {
        return LinePlot.color(chart, chart.lines().indexOf(line));
    }

    private double x(int place) {
        return box.x() + places.share(chart.x()[place]) * box.width();
    }

    private double y(double value) {
        return box.bottom() - ticks.share(value) * box.height();
    }
}
