package microtome.display;

import java.util.List;
import java.util.Map;

/**
 * Where the parts of a line or bar chart lie, in pixels; the same for Plotly and for the static picture.
 *
 * @param width of the whole picture
 * @param height of the whole picture
 * @param box inside the axes
 * @param labels how the labels of the places are drawn
 * @param legendNames names in the legend, none when there is one series
 */
record PlotArea(int width, int height, Box box, LabelPlan labels, List<String> legendNames) {
    static final double LEGEND_LINE = 19;

    private static final int WIDTH = 760;
    static final int HEIGHT = 400;
    private static final double AXIS_TITLE = 22;
    private static final double EDGE = 10;
    private static final int LONGEST_NAME = 30;

    /** What decides the layout of a chart. */
    record Demand(String title, String xTitle, String yTitle, List<String> legendNames) {}

    /** An area with value ticks on the left and {@code labels} below. */
    static PlotArea upright(Demand demand, List<String> labels, Ticks values) {
        return upright(demand, labels, values, HEIGHT);
    }

    /** An area with value ticks on the left and numbers below. */
    static PlotArea between(Demand demand, Ticks values, int height) {
        return upright(demand, List.of("0"), values, height);
    }

    private static PlotArea upright(Demand demand, List<String> labels, Ticks values, int wholeHeight) {
        var left = EDGE + axisTitle(demand.yTitle()) + widest(values.labels()) + 10;
        var right = legendWidth(demand.legendNames());
        var top = TitleLines.height(demand.title(), titleWidth(left));
        var width = WIDTH - left - right;
        var plan = LabelPlan.ofColumns(labels, width / labels.size());
        var height = wholeHeight - top - plan.extent() - axisTitle(demand.xTitle()) - EDGE;
        return new PlotArea(WIDTH, wholeHeight, new Box(left, top, width, height), plan, demand.legendNames());
    }

    /** An area with {@code labels} on the left, one row of bars for each, and value ticks below. */
    static PlotArea lying(Demand demand, List<String> labels, double rowHeight) {
        var plan = LabelPlan.ofRows(labels, rowHeight);
        var left = EDGE + axisTitle(demand.yTitle()) + plan.extent();
        var right = legendWidth(demand.legendNames());
        var top = TitleLines.height(demand.title(), titleWidth(left));
        var plot = Math.max(60, labels.size() * rowHeight);
        var height = (int) Math.ceil(top + plot + 20 + axisTitle(demand.xTitle()) + EDGE);
        return new PlotArea(WIDTH, height, new Box(left, top, WIDTH - left - right, plot), plan, demand.legendNames());
    }

    Map<String, Object> margin() {
        return PlotlyStyle.margin(box.x(), width - box.right(), box.y(), height - box.bottom());
    }

    List<String> titleLines(String title) {
        return TitleLines.of(title, titleWidth(box.x()));
    }

    private static double titleWidth(double left) {
        return WIDTH - left - EDGE - TitleLines.BUTTONS;
    }

    private static double axisTitle(String title) {
        return title.isEmpty() ? 0 : AXIS_TITLE;
    }

    private static double legendWidth(List<String> names) {
        return names.isEmpty()
                ? 22
                : widest(names.stream().map(PlotArea::legendName).toList()) + 52;
    }

    static String legendName(String name) {
        return TextWidth.cut(name, LONGEST_NAME);
    }

    private static double widest(List<String> texts) {
        return texts.stream()
                .mapToDouble(text -> TextWidth.pixels(text, LabelPlan.FONT_SIZE))
                .max()
                .orElse(0);
    }
}
