package microtome.display;

import java.awt.BasicStroke;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.function.Function;

/** Paints axes, grid lines and legends around the box of a chart. */
final class Axes {
    static final Function<Canvas.Align, Canvas.Style> LABEL = align -> Canvas.Style.of(LabelPlan.FONT_SIZE, align);
    static final Canvas.Style TITLE = Canvas.Style.of(HeatMapGeometry.AXIS_TITLE_SIZE, Canvas.Align.MIDDLE)
            .muted();

    private Axes() {}

    /** Grid lines and numbers of values that rise upwards. */
    static void valuesUpwards(Canvas canvas, Box box, Ticks ticks) {
        for (var value : ticks.values()) {
            var y = box.bottom() - ticks.share(value) * box.height();
            canvas.line(box.x(), y, box.right(), y, value == 0 ? Rgb.AXIS : Rgb.GRID);
            canvas.text(ticks.label(value), box.x() - 6, y, LABEL.apply(Canvas.Align.END));
        }
    }

    /** Grid lines and numbers of values that rise to the right. */
    static void valuesRightwards(Canvas canvas, Box box, Ticks ticks) {
        for (var value : ticks.values()) {
            var x = box.x() + ticks.share(value) * box.width();
            canvas.line(x, box.y(), x, box.bottom(), value == 0 ? Rgb.AXIS : Rgb.GRID);
            canvas.text(ticks.label(value), x, box.bottom() + 12, LABEL.apply(Canvas.Align.MIDDLE));
        }
    }

    /** The line under the box, a tick at each number and the numbers. */
    static void numbersBelow(Canvas canvas, Box box, Ticks ticks) {
        canvas.line(box.x(), box.bottom(), box.right(), box.bottom(), Rgb.AXIS);
        for (var value : ticks.values()) {
            var x = box.x() + ticks.share(value) * box.width();
            canvas.line(x, box.bottom(), x, box.bottom() + 4, Rgb.AXIS);
            canvas.text(ticks.label(value), x, box.bottom() + 13, LABEL.apply(Canvas.Align.MIDDLE));
        }
    }

    /** The line under the box and the names of evenly spaced places. */
    static void placesBelow(Canvas canvas, Box box, List<String> labels, LabelPlan plan) {
        canvas.line(box.x(), box.bottom(), box.right(), box.bottom(), Rgb.AXIS);
        var cut = LabelPlan.cut(labels);
        for (var index : plan.drawn(cut.size())) {
            var x = box.x() + (index + 0.5) * box.width() / cut.size();
            placeLabel(canvas, cut.get(index), x, box.bottom(), plan);
        }
    }

    /** One label under the point {@code x} of a horizontal axis. */
    static void placeLabel(Canvas canvas, String label, double x, double y, LabelPlan plan) {
        if (plan.upright()) {
            canvas.upright(label, x, y + 6, LABEL.apply(Canvas.Align.END));
        } else {
            canvas.text(label, x, y + 12, LABEL.apply(Canvas.Align.MIDDLE));
        }
    }

    static void titles(Canvas canvas, PlotArea area, String below, String beside) {
        canvas.text(below, area.box().centerX(), area.height() - 15, TITLE);
        canvas.upright(beside, 15, area.box().centerY(), TITLE);
    }

    /** Names at the right of the box, each after what {@code mark} paints at the left end and middle of its line. */
    static void legend(Canvas canvas, PlotArea area, Mark mark) {
        var x = area.box().right() + 14;
        var room = (int) ((area.height() - area.box().y() - 10) / PlotArea.LEGEND_LINE);
        var names = area.legendNames();
        var shown = names.size() <= room ? names.size() : room - 1;
        for (int index = 0; index < shown; index++) {
            var y = area.box().y() + 8 + index * PlotArea.LEGEND_LINE;
            mark.paint(index, x, y);
            canvas.text(PlotArea.legendName(names.get(index)), x + 26, y, LABEL.apply(Canvas.Align.START));
        }
        if (shown < names.size()) {
            var y = area.box().y() + 8 + shown * PlotArea.LEGEND_LINE;
            var rest = "and %d more".formatted(names.size() - shown);
            canvas.text(rest, x, y, LABEL.apply(Canvas.Align.START).muted());
        }
    }

    /** Paints the sample of a series in the legend. */
    @FunctionalInterface
    interface Mark {
        void paint(int index, double x, double y);
    }

    static void errorBar(Canvas canvas, Line2D bar) {
        var stroke = new BasicStroke(1.2f);
        canvas.stroke(bar, Rgb.MUTED, stroke);
        var across = bar.getX1() == bar.getX2();
        for (var end : List.of(bar.getP1(), bar.getP2())) {
            var dx = across ? 3 : 0;
            var dy = across ? 0 : 3;
            canvas.stroke(
                    new Line2D.Double(end.getX() - dx, end.getY() - dy, end.getX() + dx, end.getY() + dy),
                    Rgb.MUTED,
                    stroke);
        }
    }
}
