package microtome.display;

import java.awt.geom.Line2D;

/** Paints a bar chart, upright or lying. */
final class BarPainter {
    private final BarChart chart;
    private final PlotArea area;
    private final Box box;
    private final Ticks ticks;
    private final Canvas canvas;

    private BarPainter(BarChart chart) {
        this.chart = chart;
        this.area = BarPlot.area(chart);
        this.box = area.box();
        this.ticks = BarPlot.ticks(chart);
        this.canvas = new Canvas(area.width(), area.height());
    }

    static Canvas paint(BarChart chart) {
        var painter = new BarPainter(chart);
        painter.paintAxes();
        for (int series = 0; series < chart.series().size(); series++) {
            for (int label = 0; label < chart.labels().size(); label++) {
                painter.paintBar(series, label);
            }
        }
        painter.paintZero();
        Axes.legend(painter.canvas, painter.area, painter::paintSample);
        return painter.canvas;
    }

    private void paintAxes() {
        Painter.title(canvas, area.titleLines(chart.title()), box.x());
        if (chart.isHorizontal()) {
            Axes.valuesRightwards(canvas, box, ticks);
            var labels = LabelPlan.cut(chart.labels());
            for (var label : area.labels().drawn(labels.size())) {
                var y = box.y() + (label + 0.5) * slot();
                canvas.text(labels.get(label), box.x() - 6, y, Axes.LABEL.apply(Canvas.Align.END));
            }
            Axes.titles(canvas, area, chart.valueTitle(), chart.labelTitle());
        } else {
            Axes.valuesUpwards(canvas, box, ticks);
            Axes.placesBelow(canvas, box, chart.labels(), area.labels());
            Axes.titles(canvas, area, chart.labelTitle(), chart.valueTitle());
        }
    }

    private void paintBar(int index, int label) {
        var series = chart.series().get(index);
        var value = series.values()[label];
        var thick = slot() * BarPlot.FILLED / chart.series().size();
        var start = (label + 0.5) * slot() - slot() * BarPlot.FILLED / 2 + index * thick;
        if (!Double.isFinite(value)) {
            number(BarPlot.number(value), 0, start + thick / 2, false);
            return;
        }
        canvas.fill(bar(start + thick * 0.03, thick * 0.94, value), color(index));
        if (series.errors() != null && Double.isFinite(series.errors()[label])) {
            errorMark(value, series.errors()[label], start + thick / 2);
        } else if (chart.hasNumbers() && fits(value, thick)) {
            number(BarPlot.number(value), value, start + thick / 2, value < 0);
        }
    }

    /** The rectangle from zero to {@code value}, {@code start} pixels along the labels. */
    private Box bar(double start, double thick, double value) {
        var low = ticks.share(Math.min(0, value));
        var high = ticks.share(Math.max(0, value));
        return chart.isHorizontal()
                ? new Box(box.x() + low * box.width(), box.y() + start, (high - low) * box.width(), thick)
                : new Box(box.x() + start, box.bottom() - high * box.height(), thick, (high - low) * box.height());
    }

    private void errorMark(double value, double error, double middle) {
        var low = ticks.share(value - error);
        var high = ticks.share(value + error);
        Axes.errorBar(
                canvas,
                chart.isHorizontal()
                        ? new Line2D.Double(
                                box.x() + low * box.width(),
                                box.y() + middle,
                                box.x() + high * box.width(),
                                box.y() + middle)
                        : new Line2D.Double(
                                box.x() + middle,
                                box.bottom() - low * box.height(),
                                box.x() + middle,
                                box.bottom() - high * box.height()));
    }

    private boolean fits(double value, double thick) {
        return chart.isHorizontal() || Lettering.width(BarPlot.number(value), LabelPlan.FONT_SIZE, false) <= thick + 6;
    }

    /** A number just beyond the end of a bar at {@code value}. */
    private void number(String text, double value, double middle, boolean below) {
        var share = ticks.share(value);
        if (chart.isHorizontal()) {
            var x = box.x() + share * box.width() + (below ? -5 : 5);
            canvas.text(text, x, box.y() + middle, Axes.LABEL.apply(below ? Canvas.Align.END : Canvas.Align.START));
        } else {
            var y = box.bottom() - share * box.height() + (below ? 9 : -9);
            canvas.text(text, box.x() + middle, y, Axes.LABEL.apply(Canvas.Align.MIDDLE));
        }
    }

    private void paintZero() {
        var share = ticks.share(0);
        if (chart.isHorizontal()) {
            var x = box.x() + share * box.width();
            canvas.line(x, box.y(), x, box.bottom(), Rgb.AXIS);
        } else {
            var y = box.bottom() - share * box.height();
            canvas.line(box.x(), y, box.right(), y, Rgb.AXIS);
        }
    }

    private void paintSample(int index, double x, double y) {
        canvas.fill(new Box(x + 6, y - 5, 12, 10), color(index));
    }

    private Rgb color(int index) {
        return Palette.color(index, chart.series().size());
    }

    /** Pixels along the axis for each label. */
    private double slot() {
        return (chart.isHorizontal() ? box.height() : box.width())
                / chart.labels().size();
    }
}
