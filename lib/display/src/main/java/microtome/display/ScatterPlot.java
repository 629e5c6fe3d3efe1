package microtome.display;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A scatter chart as Plotly traces and layout. */
final class ScatterPlot {
    private static final double REFERENCE_WIDTH = 1.6;

    private static final int MOST_IN_SVG = 2_000; // beyond, a browser draws faster with its graphics card

    private ScatterPlot() {}

    static Figure figure(ScatterChart chart) {
        var geometry = ScatterGeometry.of(chart);
        var traces = new ArrayList<Map<String, Object>>();
        geometry.references().forEach(line -> traces.add(reference(line)));
        var labels = geometry.labels();
        var named = new HashSet<String>();
        for (int index = 0; index < chart.series().size(); index++) {
            var trace = points(chart, index, labels.get(index));
            trace.put("showlegend", named.add(chart.series().get(index).name()));
            traces.add(trace);
        }
        return Figure.of(chart, traces, layout(chart, geometry));
    }

    private static Attributes points(ScatterChart chart, int index, List<String> drawn) {
        var series = chart.series().get(index);
        var shown = IntStream.range(0, series.size())
                .mapToObj(point -> chart.shows(series, point))
                .toList();
        var name = Html.escapeForPlotly(series.name());
        var color = ScatterGeometry.color(chart, series.name());
        var writes = drawn.stream().anyMatch(label -> !label.isEmpty());
        var trace = new Attributes()
                .with("type", chart.size() > MOST_IN_SVG && !writes ? "scattergl" : "scatter")
                .with("mode", (series.isPath() ? "lines+markers" : "markers") + (writes ? "+text" : ""))
                .with("name", Html.escapeForPlotly(ScatterGeometry.legendName(chart, series.name())))
                .with("x", coordinates(series.x(), shown))
                .with("y", coordinates(series.y(), shown))
                .with("marker", marker(chart, series, color))
                .with("legendgroup", name)
                .with("hovertemplate", "%{hovertext}<br>%{x}, %{y}<extra></extra>")
                .with("hovertext", hover(series));
        if (writes) {
            trace.with("text", Html.escapeForPlotly(drawn))
                    .with("textposition", "top center")
                    .with("textfont", PlotlyStyle.font(LabelPlan.FONT_SIZE));
        }
        if (series.isPath()) {
            trace.with(
                            "line",
                            new Attributes()
                                    .with("color", color.css())
                                    .with("width", Significant.json(ScatterGeometry.lineWidth(chart))))
                    .with("opacity", Significant.json(ScatterGeometry.pathOpacity(chart)))
                    .with("connectgaps", false);
        }
        return trace;
    }

    private static List<Number> coordinates(double[] values, List<Boolean> shown) {
        var masked = values.clone();
        for (int point = 0; point < masked.length; point++) {
            masked[point] = shown.get(point) ? masked[point] : Double.NaN;
        }
        return Significant.json(masked);
    }

    private static Attributes marker(ScatterChart chart, ScatterChart.Series series, Rgb color) {
        var size = ScatterGeometry.dot(chart);
        var marker = new Attributes().with("color", color.css());
        if (!series.isPath()) {
            return marker.with("size", size).with("opacity", ScatterGeometry.opacity(chart));
        }
        var ends = ScatterGeometry.ends(chart, series);
        var symbols = new ArrayList<>(Collections.nCopies(series.size(), "circle"));
        var sizes = new ArrayList<Object>(Collections.nCopies(series.size(), size));
        if (ends.length == 2) {
            symbols.set(ends[0], "circle-open");
            symbols.set(ends[1], "square");
            sizes.set(ends[0], Significant.json(ScatterGeometry.end(chart)));
            sizes.set(ends[1], Significant.json(ScatterGeometry.end(chart)));
        }
        return marker.with("size", sizes).with("symbol", symbols);
    }

    /** What is under the pointer: the texts that were given, else the name and a path's labels. */
    private static List<String> hover(ScatterChart.Series series) {
        var texts = new ArrayList<String>(series.size());
        for (int point = 0; point < series.size(); point++) {
            var label = series.labels().isEmpty() ? "" : series.labels().get(point);
            var plain = label.isEmpty() ? series.name() : series.name() + ": " + label;
            texts.add(Html.escapeForPlotly(
                    series.hover().isEmpty() ? plain : series.hover().get(point)));
        }
        return texts;
    }

    private static Map<String, Object> reference(ScatterGeometry.Line line) {
        return new Attributes()
                .with("type", "scatter")
                .with("mode", "lines+text")
                .with("x", Significant.json(line.x()))
                .with("y", Significant.json(line.y()))
                .with("text", List.of(Html.escapeForPlotly(line.name())))
                .with("textposition", line.isUpright() ? "bottom right" : "top right")
                .with("textfont", PlotlyStyle.font(LabelPlan.FONT_SIZE).with("color", Rgb.MUTED.css()))
                .with(
                        "line",
                        new Attributes()
                                .with("color", Rgb.AXIS.css())
                                .with("width", REFERENCE_WIDTH)
                                .with("dash", "dash"))
                .with("hoverinfo", "skip")
                .with("showlegend", false);
    }

    private static Map<String, Object> layout(ScatterChart chart, ScatterGeometry geometry) {
        var area = geometry.area();
        var layout = PlotlyStyle.layout(area.titleLines(chart.title()), area.width(), area.height(), area.margin());
        layout.put("showlegend", !area.legendNames().isEmpty());
        layout.put("hovermode", "closest");
        layout.put("hoverdistance", -1); // the nearest point answers from anywhere
        layout.put("xaxis", axis(chart.xTitle(), geometry.xTicks()));
        var y = axis(chart.yTitle(), geometry.yTicks());
        if (chart.isEqual()) {
            y.put("scaleanchor", "x");
            y.put("scaleratio", 1);
        }
        layout.put("yaxis", y);
        return layout;
    }

    private static Map<String, Object> axis(String title, Ticks ticks) {
        var axis = PlotlyStyle.valueAxis(title);
        var range = ticks.range();
        if (ticks.logarithmic()) {
            axis.put("type", "log");
            range = new Range(Math.log10(range.low()), Math.log10(range.high()));
        }
        axis.put("range", Significant.json(new double[] {range.low(), range.high()}));
        return axis;
    }
}
