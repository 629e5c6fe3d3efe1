package microtome.display;

import java.awt.BasicStroke;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Paints a histogram. */
final class HistogramPainter {
    private static final BasicStroke OUTLINE = new BasicStroke(1);
    private static final BasicStroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);

    private final HistogramChart chart;
    private final Bins bins;
    private final PlotArea area;
    private final Box box;
    private final Ticks heights;
    private final Range values;
    private final Canvas canvas;

    private HistogramPainter(HistogramChart chart) {
        this.chart = chart;
        this.area = HistogramPlot.area(chart);
        this.bins = chart.binning();
        this.box = area.box();
        this.heights = HistogramPlot.ticks(chart);
        this.values = HistogramPlot.valueRange(chart);
        this.canvas = new Canvas(area.width(), area.height());
    }

    static Canvas paint(HistogramChart chart) {
        var painter = new HistogramPainter(chart);
        Painter.title(painter.canvas, painter.area.titleLines(chart.title()), painter.box.x());
        Axes.valuesUpwards(painter.canvas, painter.box, painter.heights);
        Axes.numbersBelow(painter.canvas, painter.box, Ticks.linear(painter.values, 8));
        Axes.titles(painter.canvas, painter.area, chart.valueTitle(), chart.heightTitle());
        for (int group = 0; group < chart.groups().size(); group++) {
            painter.paintGroup(group);
        }
        chart.marks().forEach(painter::paintMark);
        Axes.legend(painter.canvas, painter.area, painter::paintSample);
        return painter.canvas;
    }

    private void paintGroup(int index) {
        var bars = chart.heights(chart.groups().get(index), bins);
        for (int bin = 0; bin < bars.length; bin++) {
            if (bars[bin] > 0) {
                var left = x(bins.edge(bin));
                var height = heights.share(bars[bin]) * box.height();
                paintBar(
                        index,
                        new Rectangle2D.Double(left, box.bottom() - height, x(bins.edge(bin + 1)) - left, height));
            }
        }
    }

    private void paintBar(int index, Rectangle2D bar) {
        var color = Palette.color(index, chart.groups().size());
        canvas.fill(bar, color, HistogramPlot.opacity(chart));
        canvas.stroke(bar, color, OUTLINE);
    }

    private void paintMark(HistogramChart.Mark mark) {
        var x = x(mark.value());
        canvas.stroke(new Line2D.Double(x, box.y(), x, box.bottom()), Rgb.AXIS, DASHED);
        canvas.text(
                mark.name(),
                x + 4,
                box.y() + 10,
                Axes.LABEL.apply(Canvas.Align.START).muted());
    }

    private void paintSample(int index, double x, double y) {
        paintBar(index, new Rectangle2D.Double(x + 6, y - 5, 12, 10));
    }

    private double x(double value) {
        return box.x() + values.share(value) * box.width();
    }
}
