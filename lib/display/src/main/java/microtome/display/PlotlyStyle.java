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
        var layout = new Attributes()
                .with("width", width)
                .with("height", height)
                .with("margin", margin)
                .with("paper_bgcolor", Rgb.PAPER.css())
                .with("plot_bgcolor", Rgb.PAPER.css())
                .with(
                        "font",
                        new Attributes().with("family", FONT).with("size", 12).with("color", Rgb.INK.css()));
        if (!String.join("", title).isEmpty()) {
            layout.put("title", title(title, margin));
        }
        return layout;
    }

    static Map<String, Object> margin(double left, double right, double top, double bottom) {
        return new Attributes()
                .with("l", Math.round(left))
                .with("r", Math.round(right))
                .with("t", Math.round(top))
                .with("b", Math.round(bottom))
                .with("pad", 0);
    }

    /** Space at the left and at the top of a title or slider. */
    static Attributes padding(Object left, Object top) {
        return new Attributes().with("l", left).with("r", 0).with("t", top).with("b", 0);
    }

    static Attributes font(double size) {
        return new Attributes().with("size", size);
    }

    /** A title of an axis or a colour bar. */
    static Map<String, Object> title(String text) {
        return new Attributes()
                .with("text", Html.escapeForPlotly(text))
                .with("font", font(HeatMapGeometry.AXIS_TITLE_SIZE).with("color", Rgb.MUTED.css()));
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
        var axis = new Attributes().with("automargin", true).with("tickfont", font(LabelPlan.FONT_SIZE));
        if (!title.isEmpty()) {
            var withDistance = title(title);
            withDistance.put("standoff", 8);
            axis.put("title", withDistance);
        }
        return axis;
    }

    private static Map<String, Object> title(List<String> lines, Map<String, Object> margin) {
        var text = lines.stream().map(Html::escapeForPlotly).collect(Collectors.joining("<br>"));
        return new Attributes()
                .with("text", "<b>" + text + "</b>")
                .with("x", 0)
                .with("xref", "container")
                .with("xanchor", "left")
                .with("pad", padding(margin.get("l"), 11 + 10 * (lines.size() - 1))) // Plotly centres the lines
                .with("y", 1)
                .with("yref", "container")
                .with("yanchor", "top")
                .with("automargin", false)
                .with("font", font(HeatMapGeometry.TITLE_SIZE));
    }
}
