package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A grid of heat maps as Plotly traces and layout. */
final class HeatMapPlot {
    private final HeatMapGrid grid;
    private final HeatMapGeometry geometry;
    private final Range range;

    HeatMapPlot(HeatMapGrid grid) {
        this.grid = grid;
        this.geometry = HeatMapGeometry.of(grid);
        this.range = grid.range();
    }

    static Figure figure(Chart chart, HeatMapGrid grid) {
        var plot = new HeatMapPlot(grid);
        return Figure.of(chart, plot.traces(plot.hasClipped()), plot.layout());
    }

    /** One trace for each panel, then with {@code marks} one for each panel's clipped cells. */
    List<Map<String, Object>> traces(boolean marks) {
        var traces = new ArrayList<Map<String, Object>>();
        for (int panel = 0; panel < grid.panels().size(); panel++) {
            traces.add(cells(panel));
        }
        for (int panel = 0; marks && panel < grid.panels().size(); panel++) {
            traces.add(clipMarks(panel));
        }
        return traces;
    }

    boolean hasClipped() {
        return grid.panels().stream()
                .anyMatch(map -> !HeatMapCells.clipped(map, range).isEmpty());
    }

    Map<String, Object> layout() {
        var margin = PlotlyStyle.margin(geometry.left(), 0, geometry.top(), geometry.bottom());
        var layout = PlotlyStyle.layout(
                TitleLines.of(grid.title(), geometry.titleWidth()), geometry.width(), geometry.height(), margin);
        layout.put("plot_bgcolor", Rgb.GAP.css());
        margin.put("r", geometry.width() - Math.round(geometry.left()) - Math.round(geometry.plotWidth()));
        layout.put("coloraxis", colorAxis());
        layout.put("showlegend", false);
        for (int panel = 0; panel < grid.panels().size(); panel++) {
            layout.put("xaxis" + suffix(panel), columnAxis(panel));
            layout.put("yaxis" + suffix(panel), rowAxis(panel));
        }
        var titles = panelTitles();
        if (!titles.isEmpty()) {
            layout.put("annotations", titles);
        }
        return layout;
    }

    private Map<String, Object> cells(int panel) {
        var map = grid.panels().get(panel);
        var trace = Json.object(
                "type", "heatmap",
                "x", categories(map.columnLabels()),
                "y", categories(map.rowLabels()),
                "z", Arrays.stream(map.values()).map(this::row).toList(),
                "coloraxis", "coloraxis",
                "xaxis", "x" + suffix(panel),
                "yaxis", "y" + suffix(panel),
                "xgap", geometry.panels().get(panel).hasGaps() ? 1 : 0,
                "ygap", geometry.panels().get(panel).hasGaps() ? 1 : 0,
                "name", Html.escapeForPlotly(map.title()));
        if (!map.text().isEmpty()) {
            trace.put("text", escaped(map.text()));
            trace.put("texttemplate", "%{text}");
            trace.put("textfont", Json.object("size", HeatMapGeometry.TEXT_SIZE));
        }
        putHover(trace, map);
        return trace;
    }

    /** Infinite values stand at the end of the scale, since JSON has no name for them; hover text tells them apart. */
    private List<Number> row(double[] values) {
        if (Arrays.stream(values).noneMatch(Double::isInfinite)) {
            return Significant.json(values);
        }
        return Significant.json(Arrays.stream(values)
                .map(value -> Double.isInfinite(value) ? value > 0 ? range.high() : range.low() : value)
                .toArray());
    }

    private void putHover(Map<String, Object> trace, HeatMap map) {
        var infinite = Arrays.stream(map.values()).flatMapToDouble(Arrays::stream).anyMatch(Double::isInfinite);
        if (!map.hover().isEmpty() || infinite) {
            trace.put("hovertext", escaped(map.hover().isEmpty() ? HeatMapCells.hover(map) : map.hover()));
            trace.put("hovertemplate", "%{hovertext}<extra></extra>");
            return;
        }
        var text = map.text().isEmpty() ? "" : "<br>%{text}";
        trace.put(
                "hovertemplate",
                "%s%%{y}<br>%s%%{x}%s<br>%s%%{z}<extra></extra>"
                        .formatted(
                                prefix(map.rowTitle()), prefix(map.columnTitle()), text, prefix(map.valueTitle())));
    }

    private Map<String, Object> clipMarks(int panel) {
        var map = grid.panels().get(panel);
        var sizes = geometry.panels().get(panel);
        var clipped = HeatMapCells.clipped(map, range);
        var columns = categories(map.columnLabels());
        var rows = categories(map.rowLabels());
        return Json.object(
                "type", "scatter",
                "mode", "markers",
                "x", clipped.stream().map(cell -> columns.get(cell.column())).toList(),
                "y", clipped.stream().map(cell -> rows.get(cell.row())).toList(),
                "xaxis", "x" + suffix(panel),
                "yaxis", "y" + suffix(panel),
                "marker",
                        Json.object(
                                "size",
                                Math.clamp(Math.min(sizes.cellWidth(), sizes.cellHeight()) / 3, 3, 7),
                                "symbol",
                                clipped.stream()
                                        .map(cell -> cell.above() ? "triangle-up" : "triangle-down")
                                        .toList(),
                                "color",
                                clipped.stream()
                                        .map(cell -> scale().textCss(cell.above() ? 1 : 0))
                                        .toList()),
                "hoverinfo", "skip",
                "showlegend", false);
    }

    private Map<String, Object> colorAxis() {
        var box = geometry.colorBar();
        var bar = Json.object(
                "thickness", HeatMapGeometry.BAR_WIDTH,
                "outlinewidth", 0,
                "lenmode", "pixels",
                "len", box.height(),
                "ypad", 0,
                "xpad", 0,
                "x", 1 + (box.x() - geometry.left() - geometry.plotWidth()) / geometry.plotWidth(),
                "xanchor", "left",
                "tickfont", Json.object("size", HeatMapGeometry.TEXT_SIZE));
        var title = grid.panels().getFirst().valueTitle();
        if (!title.isEmpty()) {
            var withSide = PlotlyStyle.title(title);
            withSide.put("side", "right");
            bar.put("title", withSide);
        }
        return Json.object(
                "cmin", Significant.json(range.low()),
                "cmax", Significant.json(range.high()),
                "colorscale", scale().plotly(),
                "colorbar", bar);
    }

    private Map<String, Object> columnAxis(int panel) {
        var map = grid.panels().get(panel);
        var box = geometry.box(panel);
        var axis = axis(map.columnLabels(), geometry.panels().get(panel).columns(), geometry.labelsColumns(panel));
        axis.put("anchor", "y" + suffix(panel));
        axis.put(
                "domain",
                fractions(box.x() - geometry.left(), box.right() - geometry.left(), geometry.plotWidth()));
        axis.put("tickangle", geometry.panels().get(panel).columns().upright() ? -90 : 0);
        putTitle(axis, map.columnTitle(), geometry.labelsColumns(panel));
        return axis;
    }

    private Map<String, Object> rowAxis(int panel) {
        var map = grid.panels().get(panel);
        var box = geometry.box(panel);
        var axis = axis(map.rowLabels(), geometry.panels().get(panel).rows(), geometry.labelsRows(panel));
        axis.put("anchor", "x" + suffix(panel));
        var floor = geometry.top() + geometry.plotHeight();
        axis.put("domain", fractions(floor - box.bottom(), floor - box.y(), geometry.plotHeight()));
        axis.put("autorange", map.isFirstRowAtBottom() ? true : "reversed");
        putTitle(axis, map.rowTitle(), geometry.labelsRows(panel));
        return axis;
    }

    private static Map<String, Object> axis(List<String> labels, LabelPlan plan, boolean visible) {
        var categories = categories(labels);
        var cut = LabelPlan.cut(labels);
        var drawn = plan.drawn(labels.size());
        return Json.object(
                "type", "category",
                "categoryorder", "array",
                "categoryarray", categories,
                "tickmode", "array",
                "tickvals", drawn.stream().map(categories::get).toList(),
                "ticktext", drawn.stream().map(cut::get).map(Html::escapeForPlotly).toList(),
                "tickfont", Json.object("size", LabelPlan.FONT_SIZE),
                "showticklabels", visible,
                "automargin", true,
                "showgrid", false,
                "zeroline", false,
                "ticks", "");
    }

    private static void putTitle(Map<String, Object> axis, String title, boolean visible) {
        if (visible && !title.isEmpty()) {
            var withDistance = PlotlyStyle.title(title);
            withDistance.put("standoff", 6);
            axis.put("title", withDistance);
        }
    }

    private List<Map<String, Object>> panelTitles() {
        var titles = new ArrayList<Map<String, Object>>();
        for (int panel = 0; panel < grid.panels().size(); panel++) {
            var title = grid.panels().get(panel).title();
            if (!title.isEmpty()) {
                var box = geometry.box(panel);
                titles.add(Json.object(
                        "text", Html.escapeForPlotly(title),
                        "x", fraction(box.centerX() - geometry.left(), geometry.plotWidth()),
                        "y", fraction(geometry.top() + geometry.plotHeight() - box.y(), geometry.plotHeight()),
                        "xref", "paper",
                        "yref", "paper",
                        "xanchor", "center",
                        "yanchor", "bottom",
                        "showarrow", false,
                        "font", Json.object("size", HeatMapGeometry.PANEL_TITLE_SIZE)));
            }
        }
        return titles;
    }

    private ColorScale scale() {
        return grid.panels().getFirst().scale();
    }

    private static List<Number> fractions(double from, double to, double whole) {
        return List.of(fraction(from, whole), fraction(to, whole));
    }

    private static Number fraction(double part, double whole) {
        return Significant.json(Math.clamp(part / whole, 0.0, 1.0));
    }

    private static String prefix(String title) {
        return title.isEmpty() ? "" : Html.escapeForPlotly(title) + " ";
    }

    private static String suffix(int panel) {
        return panel == 0 ? "" : Integer.toString(panel + 1);
    }

    /** Plotly merges equal categories, so labels that repeat, as tokens do, get their index in front. */
    private static List<String> categories(List<String> labels) {
        var distinct = labels.stream().distinct().count() == labels.size()
                && labels.stream().noneMatch(String::isBlank);
        return IntStream.range(0, labels.size())
                .mapToObj(index -> Html.escapeForPlotly(distinct ? labels.get(index) : index + ": " + labels.get(index)))
                .toList();
    }

    private static List<List<String>> escaped(List<List<String>> words) {
        return words.stream()
                .map(row -> row.stream()
                        .map(word -> Html.escapeForPlotly(word).replace("\n", "<br>"))
                        .toList())
                .toList();
    }
}
