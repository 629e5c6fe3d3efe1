package microtome.display;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What all figures of this package have in common, so that they look like their static pictures. */
final class PlotlyStyle {
    static final String FONT = "Arial, Helvetica, DejaVu Sans, sans-serif";

    private PlotlyStyle() {}

    /** A layout of this size with the title on the left above the plot. */
    static Map<String, Object> layout(List<String> title, int width, int height, Map<String, Object> margin) {
        var layout = Json.object(
                "width", width,
                "height", height,
                "margin", margin,
                "paper_bgcolor", Rgb.PAPER.css(),
                "plot_bgcolor", Rgb.PAPER.css(),
                "font", Json.object("family", FONT, "size", 12, "color", Rgb.INK.css()));
        if (!String.join("", title).isEmpty()) {
            layout.put("title", title(title, margin));
        }
        return layout;
    }

    static Map<String, Object> margin(double left, double right, double top, double bottom) {
        return Json.object(
                "l", Math.round(left), "r", Math.round(right), "t", Math.round(top), "b", Math.round(bottom), "pad", 0);
    }

    /** A title of an axis or a colour bar. */
    static Map<String, Object> title(String text) {
        return Json.object(
                "text",
                Html.escapeForPlotly(text),
                "font",
                Json.object("size", HeatMapGeometry.AXIS_TITLE_SIZE, "color", Rgb.MUTED.css()));
    }

    /** An axis of values: grid lines and a line at zero. */
    static Map<String, Object> valueAxis(String title) {
        var axis = axis(title);
        axis.put("gridcolor", Rgb.GRID.css());
        axis.put("zerolinecolor", Rgb.AXIS.css());
        return axis;
    }

    /** An axis of places: a line with ticks, no grid. */
    static Map<String, Object> placeAxis(String title) {
        var axis = axis(title);
        axis.put("showgrid", false);
        axis.put("zeroline", false);
        axis.put("showline", true);
        axis.put("linecolor", Rgb.AXIS.css());
        return axis;
    }

    private static Map<String, Object> axis(String title) {
        var axis = Json.object("automargin", true, "tickfont", Json.object("size", LabelPlan.FONT_SIZE));
        if (!title.isEmpty()) {
            var withDistance = title(title);
            withDistance.put("standoff", 8);
            axis.put("title", withDistance);
        }
        return axis;
    }

    private static Map<String, Object> title(List<String> lines, Map<String, Object> margin) {
        var text = lines.stream().map(Html::escapeForPlotly).collect(Collectors.joining("<br>"));
        return Json.object(
                "text", "<b>" + text + "</b>",
                "x", 0,
                "xref", "container",
                "xanchor", "left",
                "pad", Json.object("l", margin.get("l"), "t", 11),
                "y", 1,
                "yref", "container",
                "yanchor", "top",
                "automargin", false,
                "font", Json.object("size", HeatMapGeometry.TITLE_SIZE));
    }
}
