package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the parts of a scatter chart lie, the same for Plotly and for the static picture.
 *
 * @param chart what is laid out
 * @param area the box and what stands around it
 * @param xTicks of the x axis, which hold its range
 * @param yTicks of the y axis
 */
record ScatterGeometry(ScatterChart chart, PlotArea area, Ticks xTicks, Ticks yTicks) {
    private static final int MOST_BOLD = 12;
    private static final double NEAR = 120;

    private static final int EQUAL_HEIGHT = 520;
    private static final int CURVE = 64;

    /** A reference line through these points, its name at the first. */
    record Line(double[] x, double[] y, String name, boolean isUpright) {}

    static ScatterGeometry of(ScatterChart chart) {
        if (chart.series().isEmpty()) {
            throw new IllegalStateException("scatter chart without points; call points(name, x, y) first");
        }
        if (chart.isEqual() && chart.isXLogarithmic() != chart.isYLogarithmic()) {
            throw new IllegalStateException(
                    "scatter chart: equal aspect needs two linear or two logarithmic axes; only %s is logarithmic"
                            .formatted(chart.isXLogarithmic() ? "x" : "y"));
        }
        var height = chart.isEqual() ? EQUAL_HEIGHT : PlotArea.HEIGHT;
        var area = area(chart, chart.yRange(), height);
        if (!chart.isEqual()) {
            return new ScatterGeometry(chart, area, xTicks(chart, chart.xRange()), yTicks(chart, chart.yRange()));
        }
        var ranges = equal(chart, area.box());
        area = area(chart, ranges[1], height); // longer numbers beside the axis take some of its width
        ranges = equal(chart, area.box());
        return new ScatterGeometry(chart, area, xTicks(chart, ranges[0]), yTicks(chart, ranges[1]));
    }

    /** The colour of a name: its series share it. */
    static Rgb color(ScatterChart chart, String name) {
        return Palette.color(chart.names().indexOf(name), chart.names().size());
    }

    /** A name and how many of its points have no place. */
    static String legendName(ScatterChart chart, String name) {
        var missing = chart.series().stream()
                .filter(series -> series.name().equals(name))
                .mapToInt(chart::missing)
                .sum();
        return missing == 0 ? name : "%s (%,d missing)".formatted(name, missing);
    }

    /** The diameter of a point: the more there are, the smaller. */
    static double dot(ScatterChart chart) {
        return chart.size() <= 300 ? 6 : chart.size() <= 3_000 ? 4.5 : 3;
    }

    /** Many paths are thin and let each other through. */
    static boolean areBold(ScatterChart chart) {
        return chart.series().stream().filter(ScatterChart.Series::isPath).count() <= MOST_BOLD;
    }

    static double lineWidth(ScatterChart chart) {
        return areBold(chart) ? 1.6 : 1;
    }

    static double pathOpacity(ScatterChart chart) {
        return areBold(chart) ? 1 : 0.45;
    }

    /** The size of the marks at a path's start and end. */
    static double end(ScatterChart chart) {
        return areBold(chart) ? 9 : 6;
    }

    static double opacity(ScatterChart chart) {
        return chart.size() <= 300 ? 0.85 : chart.size() <= 3_000 ? 0.65 : 0.45;
    }

    /** The first and last point of a path that have a place, or nothing if none has. */
    static int[] ends(ScatterChart chart, ScatterChart.Series series) {
        var shown = IntStream.range(0, series.size())
                .filter(point -> chart.shows(series, point))
                .toArray();
        return shown.length == 0 ? shown : new int[] {shown[0], shown[shown.length - 1]};
    }

    double x(double value) {
        return area.box().x() + xTicks.share(value) * area.box().width();
    }

    double y(double value) {
        return area.box().bottom() - yTicks.share(value) * area.box().height();
    }

    /** A label and where it stands. */
    private record Placed(String label, Box box) {
        boolean leavesRoomFor(Placed other) {
            var far = Math.hypot(box.centerX() - other.box.centerX(), box.centerY() - other.box.centerY()) > NEAR;
            return !meet(box, other.box) && (far || !label.equals(other.label));
        }
    }

    /**
     * For each series the label drawn at each point, empty where there is none, where it would cover another, and where one that
     * says the same is near.
     */
    List<List<String>> labels() {
        var taken = new ArrayList<Placed>();
        var all = new ArrayList<String[]>();
        chart.series().forEach(series -> all.add(new String[series.labels().size()]));
        for (var onlyEnds : new boolean[] {true, false}) { // the ends matter most, so they choose first
            for (int index = 0; index < all.size(); index++) {
                var series = chart.series().get(index);
                if (!series.labels().isEmpty()) {
                    place(series, all.get(index), onlyEnds ? ends(chart, series) : points(series), taken);
                }
            }
        }
        return all.stream().map(List::of).toList();
    }

    /** The reference lines over the whole box. */
    List<Line> references() {
        return chart.references().stream().map(this::line).toList();
    }

    private Line line(ScatterChart.Reference reference) {
        var x = xTicks.range();
        var y = yTicks.range();
        return switch (reference) {
            case ScatterChart.Reference.AtX(double value, String name) ->
                new Line(new double[] {value, value}, new double[] {y.high(), y.low()}, name, true);
            case ScatterChart.Reference.AtY(double value, String name) ->
                new Line(new double[] {x.low(), x.high()}, new double[] {value, value}, name, false);
            case ScatterChart.Reference.Diagonal() -> {
                var along = IntStream.rangeClosed(0, CURVE)
                        .mapToDouble(step -> xTicks.at(step / (double) CURVE))
                        .filter(value -> y.contains(value))
                        .toArray();
                yield new Line(along, along, "", false);
            }
        };
    }

    private int[] points(ScatterChart.Series series) {
        return IntStream.range(0, series.size()).toArray();
    }

    private void place(ScatterChart.Series series, String[] drawn, int[] points, List<Placed> taken) {
        for (int point : points) {
            var label = TextWidth.cut(series.labels().get(point), LabelPlan.LONGEST);
            if (drawn[point] != null && !drawn[point].isEmpty()) {
                continue;
            }
            drawn[point] = "";
            if (!label.isEmpty() && chart.shows(series, point)) {
                var placed = new Placed(label, labelBox(label, series.x()[point], series.y()[point]));
                if (taken.stream().allMatch(placed::leavesRoomFor)) {
                    taken.add(placed);
                    drawn[point] = label;
                }
            }
        }
    }

    private Box labelBox(String label, double x, double y) {
        var width = TextWidth.pixels(label, LabelPlan.FONT_SIZE) + 4;
        return new Box(x(x) - width / 2, y(y) - 18, width, 13);
    }

    private static boolean meet(Box one, Box other) {
        return one.x() < other.right()
                && other.x() < one.right()
                && one.y() < other.bottom()
                && other.y() < one.bottom();
    }

    private static PlotArea area(ScatterChart chart, Range values, int height) {
        var names = chart.names().stream().map(name -> legendName(chart, name)).toList();
        var legend = names.size() > 1 || !names.equals(chart.names()) ? names : List.<String>of();
        var demand = new PlotArea.Demand(chart.title(), chart.xTitle(), chart.yTitle(), legend);
        return PlotArea.between(demand, yTicks(chart, values), height);
    }

    private static Ticks xTicks(ScatterChart chart, Range range) {
        return chart.isXLogarithmic() ? Ticks.logarithmic(range, 10) : Ticks.linear(range, 8);
    }

    private static Ticks yTicks(ScatterChart chart, Range range) {
        return chart.isYLogarithmic() ? Ticks.logarithmic(range, 8) : Ticks.linear(range, 6);
    }

    /** Both ranges widened around their middles until a pixel is worth the same on both axes. */
    private static Range[] equal(ScatterChart chart, Box box) {
        var logarithmic = chart.isXLogarithmic();
        var x = onPaper(chart.xRange(), logarithmic);
        var y = onPaper(chart.yRange(), logarithmic);
        var unit = Math.max((x.high() - x.low()) / box.width(), (y.high() - y.low()) / box.height());
        return new Range[] {
            offPaper(widened(x, unit * box.width()), logarithmic),
            offPaper(widened(y, unit * box.height()), logarithmic)
        };
    }

    private static Range widened(Range range, double length) {
        var middle = range.low() / 2 + range.high() / 2;
        return new Range(middle - length / 2, middle + length / 2);
    }

    private static Range onPaper(Range range, boolean logarithmic) {
        return logarithmic ? new Range(Math.log10(range.low()), Math.log10(range.high())) : range;
    }

    private static Range offPaper(Range range, boolean logarithmic) {
        return logarithmic ? new Range(Math.pow(10, range.low()), Math.pow(10, range.high())) : range;
    }
}
