package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
        layout.put("showlegend", false);
        new HeatMapAxes(grid, geometry).addTo(layout);
        return layout;
    }

    private Map<String, Object> cells(int panel) {
        var map = grid.panels().get(panel);
        var trace = new Attributes()
                .with("type", "heatmap")
                .with("x", HeatMapAxes.categories(map.columnLabels()))
                .with("y", HeatMapAxes.categories(map.rowLabels()))
                .with("z", Arrays.stream(map.values()).map(this::row).toList())
                .with("zmin", Significant.json(range.low()))
                .with("zmax", Significant.json(range.high()))
                .with("colorscale", scale().plotly())
                .with("showscale", panel == 0)
                .with("xaxis", "x" + HeatMapAxes.suffix(panel))
                .with("yaxis", "y" + HeatMapAxes.suffix(panel))
                .with("xgap", geometry.panels().get(panel).hasGaps() ? 1 : 0)
                .with("ygap", geometry.panels().get(panel).hasGaps() ? 1 : 0)
                .with("name", Html.escapeForPlotly(map.title()));
        if (panel == 0) {
            trace.put("colorbar", colorBar());
        }
        if (!map.text().isEmpty()) {
            trace.put("text", escaped(map.text()));
            trace.put("texttemplate", "%{text}");
            trace.put("textfont", PlotlyStyle.font(HeatMapGeometry.TEXT_SIZE));
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
        var infinite =
                Arrays.stream(map.values()).flatMapToDouble(Arrays::stream).anyMatch(Double::isInfinite);
        if (!map.hover().isEmpty() || infinite) {
            trace.put("hovertext", escaped(map.hover().isEmpty() ? HeatMapCells.hover(map) : map.hover()));
            trace.put("hovertemplate", "%{hovertext}<extra></extra>");
            return;
        }
        var text = map.text().isEmpty() ? "" : "<br>%{text}";
        trace.put(
                "hovertemplate",
                "%s%%{y}<br>%s%%{x}%s<br>%s%%{z}<extra></extra>"
                        .formatted(prefix(map.rowTitle()), prefix(map.columnTitle()), text, prefix(map.valueTitle())));
    }

    private Map<String, Object> clipMarks(int panel) {
        var map = grid.panels().get(panel);
        var clipped = HeatMapCells.clipped(map, range);
        var columns = HeatMapAxes.categories(map.columnLabels());
        var rows = HeatMapAxes.categories(map.rowLabels());
        var ofColumns = clipped.stream().map(cell -> columns.get(cell.column())).toList();
        var ofRows = clipped.stream().map(cell -> rows.get(cell.row())).toList();
        return new Attributes()
                .with("type", "scatter")
                .with("mode", "markers")
                .with("x", ofColumns)
                .with("y", ofRows)
                .with("xaxis", "x" + HeatMapAxes.suffix(panel))
                .with("yaxis", "y" + HeatMapAxes.suffix(panel))
                .with("marker", triangles(clipped, geometry.panels().get(panel)))
                .with("hoverinfo", "skip")
                .with("showlegend", false);
    }

    private Map<String, Object> triangles(List<HeatMapCells.Clipped> cells, HeatMapGeometry.Panel sizes) {
        var symbols = cells.stream()
                .map(cell -> cell.above() ? "triangle-up" : "triangle-down")
                .toList();
        var colors = cells.stream()
                .map(cell -> scale().textCss(cell.above() ? 1 : 0))
                .toList();
        return new Attributes()
                .with("size", Math.clamp(Math.min(sizes.cellWidth(), sizes.cellHeight()) / 3, 3, 7))
                .with("symbol", symbols)
                .with("color", colors);
    }

    private Map<String, Object> colorBar() {
        var box = geometry.colorBar();
        var bar = new Attributes()
                .with("thickness", HeatMapGeometry.BAR_WIDTH)
                .with("outlinewidth", 0)
                .with("lenmode", "pixels")
                .with("len", box.height())
                .with("ypad", 0)
                .with("xpad", 0)
                .with("x", 1 + (box.x() - geometry.left() - geometry.plotWidth()) / geometry.plotWidth())
                .with("xanchor", "left")
                .with("tickfont", PlotlyStyle.font(HeatMapGeometry.TEXT_SIZE));
        var title = grid.panels().getFirst().valueTitle();
        if (!title.isEmpty()) {
            var withSide = PlotlyStyle.title(title);
            withSide.put("side", "right");
            bar.put("title", withSide);
        }
        return bar;
    }

    private ColorScale scale() {
        return grid.panels().getFirst().scale();
    }

    private static String prefix(String title) {
        return title.isEmpty() ? "" : Html.escapeForPlotly(title) + " ";
    }

    private static List<List<String>> escaped(List<List<String>> words) {
        return words.stream()
                .map(row -> row.stream()
                        .map(word -> Html.escapeForPlotly(word).replace("\n", "<br>"))
                        .toList())
                .toList();
    }
}
