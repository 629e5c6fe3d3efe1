package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A line chart as Plotly traces and layout, and its layout in pixels. */
final class LinePlot {
    static final double BAND_OPACITY = 0.18;

    private static final Integer DOT = 5;

    private LinePlot() {}

    static Figure figure(LineChart chart) {
        var traces = new ArrayList<Map<String, Object>>();
        for (int index = 0; index < chart.lines().size(); index++) {
            if (chart.lines().get(index).low() != null) {
                traces.add(band(chart, index));
            }
        }
        for (int index = 0; index < chart.lines().size(); index++) {
            traces.add(line(chart, index));
        }
        return Figure.of(chart, traces, layout(chart));
    }

    /** The layout in pixels; an error when there is nothing to lay out. */
    static PlotArea area(LineChart chart) {
        if (chart.lines().isEmpty()) {
            throw new IllegalStateException("line chart without lines; call line(name, values) first");
        }
        var names = chart.lines().size() < 2
                ? List.<String>of()
                : chart.lines().stream().map(LineChart.Line::name).toList();
        var demand = new PlotArea.Demand(chart.title(), chart.xTitle(), chart.yTitle(), names);
        var labels = chart.labels().isEmpty() ? List.of("0") : chart.labels();
        return PlotArea.upright(demand, labels, ticks(chart));
    }

    static Ticks ticks(LineChart chart) {
        return chart.isLogarithmic() ? Ticks.logarithmic(chart.range(), 8) : Ticks.linear(chart.range(), 6);
    }

    /** The ends of the x axis: half a place beyond named ones, a little air beyond numbers. */
    static Range xRange(LineChart chart) {
        return chart.labels().isEmpty()
                ? SeriesValues.airyRange(List.of(chart.x()))
                : new Range(-0.5, chart.x().length - 0.5);
    }

    /** Baselines take no colour of their own, so that adding one leaves the other lines as they were. */
    static Rgb color(LineChart chart, int index) {
        var line = chart.lines().get(index);
        if (line.isBaseline()) {
            return Rgb.AXIS;
        }
        var colored =
                chart.lines().stream().filter(other -> !other.isBaseline()).toList();
        return Palette.color(colored.indexOf(line), colored.size());
    }

    /** The first and last index of each stretch of {@code shown} places. */
    static List<int[]> stretches(boolean[] shown) {
        var stretches = new ArrayList<int[]>();
        for (int index = 0; index < shown.length; index++) {
            if (shown[index] && (index == 0 || !shown[index - 1])) {
                stretches.add(new int[] {index, index});
            }
            if (shown[index]) {
                stretches.getLast()[1] = index;
            }
        }
        return stretches;
    }

    /** Places where {@code values} can be drawn. */
    static boolean[] shown(LineChart chart, double[] values) {
        var shown = new boolean[values.length];
        for (int index = 0; index < shown.length; index++) {
            shown[index] = chart.shows(values[index]);
        }
        return shown;
    }

    /** Places where both ends of the line's band can be drawn. */
    static boolean[] bandShown(LineChart chart, LineChart.Line line) {
        var shown = shown(chart, line.low());
        for (int index = 0; index < shown.length; index++) {
            shown[index] &= chart.shows(line.high()[index]);
        }
        return shown;
    }

    private static Map<String, Object> line(LineChart chart, int index) {
        var line = chart.lines().get(index);
        var color = color(chart, index).css();
        var values = Arrays.stream(line.values())
                .map(value -> chart.shows(value) ? value : Double.NaN)
                .toArray();
        var dots = dots(chart, line);
        var trace = new Attributes()
                .with("type", "scatter")
                .with("mode", dots.contains(DOT) ? "lines+markers" : "lines")
                .with("name", Html.escapeForPlotly(line.name()))
                .with("x", Significant.json(chart.x()))
                .with("y", Significant.json(values))
                .with(
                        "line",
                        new Attributes().with("color", color).with("width", 2).with("dash", dash(line)))
                .with("connectgaps", false)
                .with("legendgroup", "line " + index);
        if (dots.contains(DOT)) {
            var size = dots.contains(0) ? dots : DOT;
            trace.put("marker", new Attributes().with("size", size).with("color", color));
        }
        addHover(trace, chart);
        return trace;
    }

    private static String dash(LineChart.Line line) {
        return line.isBaseline() ? "dash" : "solid";
    }

    /** The size of each value's dot; without one, a value between two gaps would be invisible. */
    private static List<Integer> dots(LineChart chart, LineChart.Line line) {
        var alone = stretches(shown(chart, line.values())).stream()
                .filter(stretch -> stretch[0] == stretch[1])
                .map(stretch -> stretch[0])
                .collect(Collectors.toSet());
        var all = chart.hasMarkers() && !line.isBaseline();
        return IntStream.range(0, line.values().length)
                .mapToObj(place -> all || alone.contains(place) ? DOT : 0)
                .toList();
    }

    private static void addHover(Attributes trace, LineChart chart) {
        var place = chart.labels().isEmpty() ? "%{x}" : "%{text}";
        if (!chart.labels().isEmpty()) {
            trace.put("text", Html.escapeForPlotly(chart.labels()));
        }
        var title = chart.xTitle().isEmpty() ? "" : Html.escapeForPlotly(chart.xTitle()) + " ";
        trace.put("hovertemplate", title + place + "<br>%{fullData.name}: %{y}<extra></extra>");
    }

    /** The band as closed shapes, one for each stretch without gaps. */
    private static Map<String, Object> band(LineChart chart, int index) {
        var line = chart.lines().get(index);
        var x = new ArrayList<Number>();
        var y = new ArrayList<Number>();
        for (var stretch : stretches(bandShown(chart, line))) {
            if (!x.isEmpty()) {
                x.add(null);
                y.add(null);
            }
            IntStream.rangeClosed(stretch[0], stretch[1])
                    .forEach(place -> add(x, y, chart.x()[place], line.low()[place]));
            for (int place = stretch[1]; place >= stretch[0]; place--) {
                add(x, y, chart.x()[place], line.high()[place]);
            }
        }
        return new Attributes()
                .with("type", "scatter")
                .with("mode", "lines")
                .with("name", Html.escapeForPlotly(line.name()))
                .with("x", x)
                .with("y", y)
                .with("fill", "toself")
                .with("fillcolor", color(chart, index).css(BAND_OPACITY))
                .with("line", new Attributes().with("width", 0))
                .with("hoverinfo", "skip")
                .with("showlegend", false)
                .with("legendgroup", "line " + index);
    }

    private static void add(List<Number> x, List<Number> y, double place, double value) {
        x.add(Significant.json(place));
        y.add(Significant.json(value));
    }

    private static Map<String, Object> layout(LineChart chart) {
        var area = area(chart);
        var layout = PlotlyStyle.layout(area.titleLines(chart.title()), area.width(), area.height(), area.margin());
        layout.put("showlegend", !area.legendNames().isEmpty());
        layout.put("hovermode", "closest");
        layout.put("hoverdistance", -1); // the nearest point answers from anywhere
        layout.put("xaxis", xAxis(chart, area.labels()));
        var range = chart.range();
        var y = PlotlyStyle.valueAxis(chart.yTitle());
        if (chart.isLogarithmic()) {
            y.put("type", "log");
            range = new Range(Math.log10(range.low()), Math.log10(range.high()));
        }
        y.put("range", Significant.json(new double[] {range.low(), range.high()}));
        layout.put("yaxis", y);
        return layout;
    }

    private static Map<String, Object> xAxis(LineChart chart, LabelPlan plan) {
        var axis = PlotlyStyle.placeAxis(chart.xTitle());
        var range = xRange(chart);
        axis.put("range", Significant.json(new double[] {range.low(), range.high()}));
        if (!chart.labels().isEmpty()) {
            var cut = LabelPlan.cut(chart.labels());
            var drawn = plan.drawn(cut.size());
            axis.put("tickmode", "array");
            axis.put("tickvals", drawn);
            axis.put(
                    "ticktext",
                    drawn.stream().map(cut::get).map(Html::escapeForPlotly).toList());
            axis.put("tickangle", plan.upright() ? -90 : 0);
        }
        return axis;
    }
}
