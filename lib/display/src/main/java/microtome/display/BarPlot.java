package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A bar chart as Plotly traces and layout, and its layout in pixels. */
final class BarPlot {
    /** Share of a label's place that its bars fill. */
    static final double FILLED = 0.74;

    private BarPlot() {}

    static Figure figure(BarChart chart) {
        var area = area(chart);
        var traces = new ArrayList<Map<String, Object>>();
        for (int index = 0; index < chart.series().size(); index++) {
            traces.add(bars(chart, index));
        }
        return Figure.of(chart, traces, layout(chart, area));
    }

    /** The layout in pixels; an error when there is nothing to lay out. */
    static PlotArea area(BarChart chart) {
        if (chart.series().isEmpty()) {
            throw new IllegalStateException("bar chart without bars; call bars(name, values) first");
        }
        var names = chart.series().size() < 2
                ? List.<String>of()
                : chart.series().stream().map(BarChart.Series::name).toList();
        if (chart.isHorizontal()) {
            var demand = new PlotArea.Demand(chart.title(), chart.valueTitle(), chart.labelTitle(), names);
            return PlotArea.lying(
                    demand, chart.labels(), 12 + 12.0 * chart.series().size());
        }
        var demand = new PlotArea.Demand(chart.title(), chart.labelTitle(), chart.valueTitle(), names);
        return PlotArea.upright(demand, chart.labels(), ticks(chart));
    }

    static Ticks ticks(BarChart chart) {
        return Ticks.linear(chart.range(), 6);
    }

    /** The number beside a bar. */
    static String number(double value) {
        return Significant.text(value, 3);
    }

    private static Map<String, Object> bars(BarChart chart, int index) {
        var series = chart.series().get(index);
        var places = Significant.json(
                IntStream.range(0, chart.labels().size()).asDoubleStream().toArray());
        var values = Significant.json(series.values());
        var color = Palette.color(index, chart.series().size()).css();
        var along = chart.isHorizontal() ? "x" : "y";
        var trace = new Attributes()
                .with("type", "bar")
                .with("name", Html.escapeForPlotly(series.name()))
                .with("orientation", chart.isHorizontal() ? "h" : "v")
                .with("x", chart.isHorizontal() ? values : places)
                .with("y", chart.isHorizontal() ? places : values)
                .with("marker", new Attributes().with("color", color))
                .with("hovertext", Html.escapeForPlotly(chart.labels()))
                .with("hovertemplate", "%{hovertext}<br>%{fullData.name}: %{" + along + "}<extra></extra>");
        if (chart.hasNumbers()) {
            addNumbers(trace, series);
        }
        if (series.errors() != null) {
            trace.put("error_" + along, errors(series));
        }
        return trace;
    }

    private static void addNumbers(Attributes trace, BarChart.Series series) {
        var numbers = Arrays.stream(series.values()).mapToObj(BarPlot::number).toList();
        trace.with("text", numbers)
                .with("textposition", "outside")
                .with("textfont", PlotlyStyle.font(LabelPlan.FONT_SIZE))
                .with("cliponaxis", false);
    }

    private static Map<String, Object> errors(BarChart.Series series) {
        return new Attributes()
                .with("type", "data")
                .with("array", Significant.json(series.errors()))
                .with("color", Rgb.MUTED.css())
                .with("thickness", 1.2)
                .with("width", 3);
    }

    private static Map<String, Object> layout(BarChart chart, PlotArea area) {
        var layout = PlotlyStyle.layout(area.titleLines(chart.title()), area.width(), area.height(), area.margin());
        layout.put("showlegend", !area.legendNames().isEmpty());
        layout.put("barmode", "group");
        layout.put("hovermode", chart.isHorizontal() ? "y" : "x"); // a bar too short to point at answers too
        layout.put("bargap", Significant.json(1 - FILLED));
        var values = PlotlyStyle.valueAxis(chart.valueTitle());
        var range = chart.range();
        values.put("range", Significant.json(new double[] {range.low(), range.high()}));
        var labels = PlotlyStyle.placeAxis(chart.labelTitle());
        var cut = LabelPlan.cut(chart.labels());
        var drawn = area.labels().drawn(cut.size());
        labels.put("tickmode", "array");
        labels.put("tickvals", drawn);
        labels.put(
                "ticktext",
                drawn.stream().map(cut::get).map(Html::escapeForPlotly).toList());
        labels.put("tickangle", area.labels().upright() ? -90 : 0);
        var last = cut.size() - 0.5;
        labels.put("range", chart.isHorizontal() ? List.of(last, -0.5) : List.of(-0.5, last));
        layout.put("xaxis", chart.isHorizontal() ? values : labels);
        layout.put("yaxis", chart.isHorizontal() ? labels : values);
        var missing = missing(chart);
        if (!missing.isEmpty()) {
            layout.put("annotations", missing);
        }
        return layout;
    }

    /** Where a bar is missing, its value by name. */
    private static List<Map<String, Object>> missing(BarChart chart) {
        var notes = new ArrayList<Map<String, Object>>();
        var count = chart.series().size();
        for (int index = 0; index < count; index++) {
            var offset = (index + 0.5 - count / 2.0) * FILLED / count;
            for (int label = 0; label < chart.labels().size(); label++) {
                var value = chart.series().get(index).values()[label];
                if (!Double.isFinite(value)) {
                    notes.add(note(number(value), label + offset, chart.isHorizontal()));
                }
            }
        }
        return notes;
    }

    private static Map<String, Object> note(String text, double place, boolean horizontal) {
        return new Attributes()
                .with("text", text)
                .with("x", horizontal ? 0 : Significant.json(place))
                .with("y", horizontal ? Significant.json(place) : 0)
                .with("xanchor", horizontal ? "left" : "center")
                .with("yanchor", horizontal ? "middle" : "bottom")
                .with("showarrow", false)
                .with("font", PlotlyStyle.font(LabelPlan.FONT_SIZE));
    }
}
