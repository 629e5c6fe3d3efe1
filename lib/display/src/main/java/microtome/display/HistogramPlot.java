package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A histogram as Plotly traces and layout, and its layout in pixels. */
final class HistogramPlot {
    private HistogramPlot() {}

    static Figure figure(HistogramChart chart) {
        var area = area(chart);
        var bins = chart.binning();
        var traces = new ArrayList<Map<String, Object>>();
        for (int index = 0; index < chart.groups().size(); index++) {
            traces.add(bars(chart, bins, index));
        }
        chart.marks().forEach(mark -> traces.add(mark(mark, ticks(chart).range())));
        return Figure.of(chart, traces, layout(chart, area));
    }

    /** The layout in pixels; an error when there is nothing to lay out. */
    static PlotArea area(HistogramChart chart) {
        if (chart.groups().isEmpty()) {
            throw new IllegalStateException("histogram without values; call values(name, values) first");
        }
        var bins = chart.binning();
        var names =
                chart.groups().stream().map(group -> legendName(group, bins)).toList();
        var outside = chart.groups().stream().anyMatch(group -> bins.outside(group.values()) > 0);
        var legend = names.size() > 1 || outside ? names : List.<String>of();
        var demand = new PlotArea.Demand(chart.title(), chart.valueTitle(), chart.heightTitle(), legend);
        return PlotArea.between(demand, ticks(chart), PlotArea.HEIGHT);
    }

    /** Of the heights. */
    static Ticks ticks(HistogramChart chart) {
        var bins = chart.binning();
        var heights =
                chart.groups().stream().map(group -> chart.heights(group, bins)).toList();
        return Ticks.linear(SeriesValues.rangeFromZero(heights), 6);
    }

    /** The ends of the axis of values: the bins and every line, with a little air. */
    static Range valueRange(HistogramChart chart) {
        var bins = chart.binning();
        var marks =
                chart.marks().stream().mapToDouble(HistogramChart.Mark::value).toArray();
        return SeriesValues.airyRange(List.of(new double[] {bins.low(), bins.high()}, marks));
    }

    /** A group of few values is seen through one in front of it. */
    static double opacity(HistogramChart chart) {
        return chart.groups().size() == 1 ? 0.85 : 0.45;
    }

    static String legendName(HistogramChart.Group group, Bins bins) {
        var outside = bins.outside(group.values());
        return outside == 0 ? group.name() : "%s (%,d in no bin)".formatted(group.name(), outside);
    }

    private static Map<String, Object> bars(HistogramChart chart, Bins bins, int index) {
        var group = chart.groups().get(index);
        var color = Palette.color(index, chart.groups().size());
        var middles = IntStream.range(0, bins.count()).mapToDouble(bins::middle).toArray();
        var hover = IntStream.range(0, bins.count())
                .mapToObj(bin -> Significant.text(bins.edge(bin), 4) + ".." + Significant.text(bins.edge(bin + 1), 4))
                .toList();
        return new Attributes()
                .with("type", "bar")
                .with("name", Html.escapeForPlotly(legendName(group, bins)))
                .with("x", Significant.json(middles))
                .with("y", Significant.json(chart.heights(group, bins)))
                .with("width", Significant.json(bins.width()))
                .with(
                        "marker",
                        new Attributes()
                                .with("color", color.css(opacity(chart)))
                                .with(
                                        "line",
                                        new Attributes()
                                                .with("color", color.css())
                                                .with("width", 1)))
                .with("hovertext", hover)
                .with("hovertemplate", "%{hovertext}<br>%{fullData.name}: %{y}<extra></extra>");
    }

    private static Map<String, Object> mark(HistogramChart.Mark mark, Range heights) {
        return new Attributes()
                .with("type", "scatter")
                .with("mode", "lines+text")
                .with("x", Significant.json(new double[] {mark.value(), mark.value()}))
                .with("y", Significant.json(new double[] {heights.high(), heights.low()}))
                .with("text", List.of(Html.escapeForPlotly(mark.name())))
                .with("textposition", "bottom right")
                .with("textfont", PlotlyStyle.font(LabelPlan.FONT_SIZE).with("color", Rgb.MUTED.css()))
                .with("line", new Attributes().with("color", Rgb.AXIS.css()).with("dash", "dash"))
                .with("hoverinfo", "skip")
                .with("showlegend", false);
    }

    private static Map<String, Object> layout(HistogramChart chart, PlotArea area) {
        var layout = PlotlyStyle.layout(area.titleLines(chart.title()), area.width(), area.height(), area.margin());
        layout.put("showlegend", !area.legendNames().isEmpty());
        layout.put("barmode", "overlay");
        layout.put("hovermode", "x");
        var values = PlotlyStyle.placeAxis(chart.valueTitle());
        values.put("range", ends(valueRange(chart)));
        layout.put("xaxis", values);
        var heights = PlotlyStyle.valueAxis(chart.heightTitle());
        heights.put("range", ends(ticks(chart).range()));
        layout.put("yaxis", heights);
        return layout;
    }

    private static List<Number> ends(Range range) {
        return Significant.json(new double[] {range.low(), range.high()});
    }
}
