package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The axes and panel titles of a grid of heat maps, for Plotly. */
record HeatMapAxes(HeatMapGrid grid, HeatMapGeometry geometry) {
    /** Adds the axes of every panel and the panels' titles. */
    void addTo(Map<String, Object> layout) {
        for (int panel = 0; panel < grid.panels().size(); panel++) {
            layout.put("xaxis" + suffix(panel), columnAxis(panel));
            layout.put("yaxis" + suffix(panel), rowAxis(panel));
        }
        var titles = panelTitles();
        if (!titles.isEmpty()) {
            layout.put("annotations", titles);
        }
    }

    /** What follows {@code x} and {@code y} in the names of a panel's axes. */
    static String suffix(int panel) {
        return panel == 0 ? "" : Integer.toString(panel + 1);
    }

    /** Plotly merges equal categories, so labels that repeat, as tokens do, get their index in front. */
    static List<String> categories(List<String> labels) {
        var distinct = labels.stream().distinct().count() == labels.size()
                && labels.stream().noneMatch(String::isBlank);
        return IntStream.range(0, labels.size())
                .mapToObj(
                        index -> Html.escapeForPlotly(distinct ? labels.get(index) : index + ": " + labels.get(index)))
                .toList();
    }

    private Map<String, Object> columnAxis(int panel) {
        var map = grid.panels().get(panel);
        var box = geometry.box(panel);
        var axis = axis(map.columnLabels(), geometry.panels().get(panel).columns(), geometry.labelsColumns(panel));
        axis.put("anchor", "y" + suffix(panel));
        axis.put("domain", fractions(box.x() - geometry.left(), box.right() - geometry.left(), geometry.plotWidth()));
        putTitle(axis, map.columnTitle(), geometry.labelsColumns(panel));
        return axis;
    }

    private Map<String, Object> rowAxis(int panel) {
        var map = grid.panels().get(panel);
        var box = geometry.box(panel);
        var axis = axis(map.rowLabels(), geometry.panels().get(panel).rows(), geometry.labelsRows(panel));
        axis.put("anchor", "x" + suffix(panel));
        if (geometry.labelsRows(panel)) {
            axis.put("ticklabelstandoff", 4);
        }
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
        var axis = new Attributes()
                .with("type", "category")
                .with("categoryorder", "array")
                .with("categoryarray", categories)
                .with("tickmode", "array")
                .with("tickvals", drawn.stream().map(categories::get).toList())
                .with(
                        "ticktext",
                        drawn.stream().map(cut::get).map(Html::escapeForPlotly).toList())
                .with("showticklabels", visible)
                .with("automargin", true)
                .with("showgrid", false)
                .with("zeroline", false)
                .with("ticks", "");
        if (visible) {
            axis.put("tickfont", PlotlyStyle.font(LabelPlan.FONT_SIZE));
            axis.put("tickangle", plan.upright() ? -90 : 0);
        }
        return axis;
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
                titles.add(new Attributes()
                        .with("text", Html.escapeForPlotly(title))
                        .with("x", fraction(box.centerX() - geometry.left(), geometry.plotWidth()))
                        .with("y", fraction(geometry.top() + geometry.plotHeight() - box.y(), geometry.plotHeight()))
                        .with("xref", "paper")
                        .with("yref", "paper")
                        .with("xanchor", "center")
                        .with("yanchor", "bottom")
                        .with("showarrow", false)
                        .with("font", PlotlyStyle.font(HeatMapGeometry.PANEL_TITLE_SIZE)));
            }
        }
        return titles;
    }

    private static List<Number> fractions(double from, double to, double whole) {
        return List.of(fraction(from, whole), fraction(to, whole));
    }

    private static Number fraction(double part, double whole) {
        return Significant.json(Math.clamp(part / whole, 0.0, 1.0));
    }
}
