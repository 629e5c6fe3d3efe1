package microtome.display;

import java.util.List;

/** Paints charts without a browser, for readers whose page runs no scripts. */
final class Painter {
    private static final double TITLE_MIDDLE = 19;

    private Painter() {}

    /** The chart as a PNG at twice the figure's size; the same chart gives the same bytes on the same machine. */
    static byte[] png(Chart chart) {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true"); // a kernel must open no window and need no screen
        }
        return switch (chart) {
            case HeatMap map -> HeatMapPainter.paint(map.asGrid()).png();
            case HeatMapGrid grid -> HeatMapPainter.paint(grid).png();
            case HeatMapSlider slider -> HeatMapPainter.paint(slider.still()).png();
            case LineChart lines -> LinePainter.paint(lines).png();
            case BarChart bars -> BarPainter.paint(bars).png();
            case ScatterChart points -> ScatterPainter.paint(points).png();
            case HistogramChart histogram -> HistogramPainter.paint(histogram).png();
        };
    }

    static void title(Canvas canvas, List<String> lines, double x) {
        var style =
                Canvas.Style.of(HeatMapGeometry.TITLE_SIZE, Canvas.Align.START).emphasized();
        for (int line = 0; line < lines.size(); line++) {
            canvas.text(lines.get(line), x, TITLE_MIDDLE + line * TitleLines.LINE_HEIGHT, style);
        }
    }
}
