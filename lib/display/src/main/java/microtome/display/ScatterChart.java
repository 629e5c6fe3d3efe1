package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Points in named groups and paths through points, such as the residual stream of each prompt from layer to layer.
 *
 * <pre>{@code
 * ScatterChart.of().points("true", x, y).points("false", u, v).axisTitles("first component", "second component");
 * }</pre>
 *
 * Series of one name share a colour and a line of the legend. A point with a coordinate that is NaN, infinite or, on a
 * logarithmic axis, not positive has no place: the legend counts it, and a path has a gap there. A chart is a value:
 * each method returns a changed copy.
 */
public final class ScatterChart implements Chart {
    /** Points that one chart may hold. */
    public static final int LARGEST = 20_000;

    private List<Series> series = List.of();
    private List<Reference> references = List.of();
    private String title = "";
    private String xTitle = "";
    private String yTitle = "";
    private Range xRange;
    private Range yRange;
    private boolean xLogarithmic;
    private boolean yLogarithmic;
    private boolean equal;

    /**
     * Points of one name.
     *
     * @param labels what is written at the points of a path, empty strings for none; no labels at all for a cloud
     * @param hover what is shown under the pointer, or none
     * @param isPath true if a line leads from point to point
     */
    record Series(String name, double[] x, double[] y, List<String> labels, List<String> hover, boolean isPath) {
        int size() {
            return x.length;
        }
    }

    /** A dashed grey line to compare with. */
    sealed interface Reference {
        /** Where both coordinates are equal. */
        record Diagonal() implements Reference {}

        /** A line from bottom to top. */
        record AtX(double value, String name) implements Reference {}

        /** A line from left to right. */
        record AtY(double value, String name) implements Reference {}
    }

    private ScatterChart() {}

    private ScatterChart(ScatterChart other) {
        this.series = other.series;
        this.references = other.references;
        this.title = other.title;
        this.xTitle = other.xTitle;
        this.yTitle = other.yTitle;
        this.xRange = other.xRange;
        this.yRange = other.yRange;
        this.xLogarithmic = other.xLogarithmic;
        this.yLogarithmic = other.yLogarithmic;
        this.equal = other.equal;
    }

    /** A chart without points. */
    public static ScatterChart of() {
        return new ScatterChart();
    }

    /**
     * This chart with a group of points more.
     *
     * @throws IllegalArgumentException unless there are as many {@code x} as {@code y}, or if the chart becomes too large
     */
    public ScatterChart points(String name, double[] x, double[] y) {
        return with(new Series(name, x.clone(), y.clone(), List.of(), List.of(), false));
    }

    /**
     * This chart with a path more; a ring marks its start and a square its end.
     *
     * @param labels one for each point, empty for none; those that would cover others, or stand near the same one, are shown under
     *     the pointer only
     * @throws IllegalArgumentException unless there are as many of each, or if the chart becomes too large
     */
    public ScatterChart path(String name, double[] x, double[] y, List<String> labels) {
        checkCount(name + ", labels", labels.size(), x.length);
        return with(new Series(name, x.clone(), y.clone(), List.copyOf(labels), List.of(), true));
    }

    /**
     * This chart with texts under the pointer, one for each point of the latest series of that name.
     *
     * @throws IllegalArgumentException if there is no such series or another number of texts
     */
    public ScatterChart hover(String name, List<String> texts) {
        var all = new ArrayList<>(series);
        for (int index = all.size() - 1; index >= 0; index--) {
            var one = all.get(index);
            if (one.name().equals(name)) {
                checkCount(name + ", hover texts", texts.size(), one.size());
                all.set(index, new Series(name, one.x(), one.y(), one.labels(), List.copyOf(texts), one.isPath()));
                var copy = new ScatterChart(this);
                copy.series = List.copyOf(all);
                return copy;
            }
        }
        throw new IllegalArgumentException("scatter chart: no series \"%s\" for hover texts; there is %s"
                .formatted(name, names().isEmpty() ? "none yet" : String.join(", ", names())));
    }

    /** This chart with the line where both coordinates are equal. */
    public ScatterChart diagonal() {
        return with(new Reference.Diagonal());
    }

    /** This chart with a line from bottom to top, {@code name} beside it. */
    public ScatterChart lineAtX(double value, String name) {
        return with(new Reference.AtX(finite(value), Objects.requireNonNull(name, "name of a line")));
    }

    /** This chart with a line from left to right, {@code name} on it. */
    public ScatterChart lineAtY(double value, String name) {
        return with(new Reference.AtY(finite(value), Objects.requireNonNull(name, "name of a line")));
    }

    /** A line above the chart. */
    public ScatterChart title(String words) {
        var copy = new ScatterChart(this);
        copy.title = Objects.requireNonNull(words, "title");
        return copy;
    }

    /** What lies along the two axes. */
    public ScatterChart axisTitles(String ofX, String ofY) {
        var copy = new ScatterChart(this);
        copy.xTitle = Objects.requireNonNull(ofX, "title of the x axis");
        copy.yTitle = Objects.requireNonNull(ofY, "title of the y axis");
        return copy;
    }

    /**
     * The ends of the x axis, instead of what the points need.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public ScatterChart xRange(double low, double high) {
        var copy = new ScatterChart(this);
        copy.xRange = new Range(low, high);
        return copy;
    }

    /**
     * The ends of the y axis, instead of what the points need.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public ScatterChart yRange(double low, double high) {
        var copy = new ScatterChart(this);
        copy.yRange = new Range(low, high);
        return copy;
    }

    /** An x axis on which equal distances are equal factors. */
    public ScatterChart logarithmicX() {
        var copy = new ScatterChart(this);
        copy.xLogarithmic = true;
        return copy;
    }

    /** A y axis on which equal distances are equal factors. */
    public ScatterChart logarithmicY() {
        var copy = new ScatterChart(this);
        copy.yLogarithmic = true;
        return copy;
    }

    /** One unit as long on both axes, so that angles and distances are true; both axes linear or both logarithmic. */
    public ScatterChart equalAspect() {
        var copy = new ScatterChart(this);
        copy.equal = true;
        return copy;
    }

    @Override
    public Figure figure() {
        return ScatterPlot.figure(this);
    }

    @Override
    public String description() {
        var missing = series.stream().mapToInt(this::missing).sum();
        return "scatter chart %,d points in %d group%s, x %s, y %s%s"
                .formatted(
                        size(),
                        names().size(),
                        names().size() == 1 ? "" : "s",
                        SeriesValues.summary(series.stream().map(Series::x).toList()),
                        SeriesValues.summary(series.stream().map(Series::y).toList()),
                        missing == 0 ? "" : ", %,d without a place".formatted(missing));
    }

    @Override
    public String toString() {
        return plainText();
    }

    List<Series> series() {
        return series;
    }

    List<Reference> references() {
        return references;
    }

    String title() {
        return title;
    }

    String xTitle() {
        return xTitle;
    }

    String yTitle() {
        return yTitle;
    }

    boolean isXLogarithmic() {
        return xLogarithmic;
    }

    boolean isYLogarithmic() {
        return yLogarithmic;
    }

    boolean isEqual() {
        return equal;
    }

    /** Names in the order in which they first came. */
    List<String> names() {
        return series.stream().map(Series::name).distinct().toList();
    }

    int size() {
        return series.stream().mapToInt(Series::size).sum();
    }

    /** True if the point can be drawn. */
    boolean shows(Series one, int point) {
        return shows(one.x()[point], xLogarithmic) && shows(one.y()[point], yLogarithmic);
    }

    /** Points of {@code one} without a place. */
    int missing(Series one) {
        var missing = 0;
        for (int point = 0; point < one.size(); point++) {
            missing += shows(one, point) ? 0 : 1;
        }
        return missing;
    }

    /** The range that was set, else that of the points with a little air. */
    Range xRange() {
        return range(xRange, series.stream().map(Series::x).toList(), xLogarithmic);
    }

    /** The range that was set, else that of the points with a little air. */
    Range yRange() {
        return range(yRange, series.stream().map(Series::y).toList(), yLogarithmic);
    }

    private static Range range(Range set, List<double[]> values, boolean logarithmic) {
        if (set != null && !(logarithmic && set.low() <= 0)) {
            return set;
        }
        return logarithmic ? SeriesValues.logarithmicRange(values) : SeriesValues.airyRange(values);
    }

    private static boolean shows(double value, boolean logarithmic) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("scatter chart: a line at %s; need a finite number".formatted(value));
        }
        return value;
    }

    private ScatterChart with(Reference reference) {
        var copy = new ScatterChart(this);
        var all = new ArrayList<>(references);
        all.add(reference);
        copy.references = List.copyOf(all);
        return copy;
    }

    private ScatterChart with(Series added) {
        Objects.requireNonNull(added.name(), "name of a series");
        checkCount(added.name() + ", y", added.y().length, added.x().length);
        if (size() + added.size() > LARGEST) {
            throw new IllegalArgumentException("scatter chart of %,d points; at most %,d. Show a sample of them"
                    .formatted(size() + added.size(), LARGEST));
        }
        var copy = new ScatterChart(this);
        var all = new ArrayList<>(series);
        all.add(added);
        copy.series = List.copyOf(all);
        return copy;
    }

    private static void checkCount(String name, int given, int points) {
        if (given != points) {
            throw new IllegalArgumentException(
                    "scatter chart: %s has %d values for %d points; fill up with NaN or empty texts"
                            .formatted(name, given, points));
        }
    }
}
