package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines over common places on the x axis, such as one value for each layer. A NaN or infinite value is a gap.
 *
 * <pre>{@code
 * LineChart.over(List.of("emb", "1", "2")).line("cosine", cosines).axisTitles("layer", "cosine");
 * }</pre>
 *
 * A chart is a value: each method returns a changed copy.
 */
public final class LineChart implements Chart {
    private static final int MOST_WITH_MARKERS = 40;

    private final double[] x;
    private final List<String> labels;
    private List<Line> lines = List.of();
    private String title = "";
    private String xTitle = "";
    private String yTitle = "";
    private Range range;
    private boolean logarithmic;
    private boolean markers;

    /** A named line; {@code low} and {@code high} bound its band or are null. */
    record Line(String name, double[] values, double[] low, double[] high, boolean isBaseline) {}

    private LineChart(double[] x, List<String> labels) {
        this.x = x;
        this.labels = labels;
        this.markers = x.length <= MOST_WITH_MARKERS;
    }

    private LineChart(LineChart other) {
        this.x = other.x;
        this.labels = other.labels;
        this.lines = other.lines;
        this.title = other.title;
        this.xTitle = other.xTitle;
        this.yTitle = other.yTitle;
        this.range = other.range;
        this.logarithmic = other.logarithmic;
        this.markers = other.markers;
    }

    /**
     * A chart over named places, evenly spaced; names may repeat.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static LineChart over(List<String> labels) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("line chart over 0 places: need at least one");
        }
        return new LineChart(IntStream.range(0, labels.size()).asDoubleStream().toArray(), List.copyOf(labels));
    }

    /**
     * A chart over numbers.
     *
     * @throws IllegalArgumentException if there are none or one is not finite
     */
    public static LineChart over(double... x) {
        if (x.length == 0 || !DoubleStream.of(x).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "line chart over %s: need at least one number, all finite".formatted(Arrays.toString(x)));
        }
        return new LineChart(x.clone(), List.of());
    }

    /** This chart with one more line, one value for each place. */
    public LineChart line(String name, double... values) {
        return with(new Line(name, values.clone(), null, null, false));
    }

    /** This chart with one more line in a band from {@code low} to {@code high}, such as its standard error. */
    public LineChart line(String name, double[] values, double[] low, double[] high) {
        checkLength(name + ", lower bounds", low);
        checkLength(name + ", upper bounds", high);
        return with(new Line(name, values.clone(), low.clone(), high.clone(), false));
    }

    /** This chart with a dashed grey line to compare with, such as chance. */
    public LineChart baseline(String name, double... values) {
        return with(new Line(name, values.clone(), null, null, true));
    }

    /** A line above the chart. */
    public LineChart title(String words) {
        var copy = new LineChart(this);
        copy.title = Objects.requireNonNull(words, "title");
        return copy;
    }

    /** What the places and what the values are. */
    public LineChart axisTitles(String ofPlaces, String ofValues) {
        var copy = new LineChart(this);
        copy.xTitle = Objects.requireNonNull(ofPlaces, "title of the places");
        copy.yTitle = Objects.requireNonNull(ofValues, "title of the values");
        return copy;
    }

    /**
     * The ends of the y axis, instead of what the values need.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public LineChart range(double low, double high) {
        var copy = new LineChart(this);
        copy.range = new Range(low, high);
        return copy;
    }

    /** A y axis on which equal distances are equal factors; values that are not positive are gaps. */
    public LineChart logarithmic() {
        var copy = new LineChart(this);
        copy.logarithmic = true;
        return copy;
    }

    /** Whether each value has a dot; true at first for up to 40 places. */
    public LineChart markers(boolean shown) {
        var copy = new LineChart(this);
        copy.markers = shown;
        return copy;
    }

    @Override
    public Figure figure() {
        return LinePlot.figure(this);
    }

    @Override
    public String description() {
        return "line chart %d line%s x %d points, %s"
                .formatted(lines.size(), lines.size() == 1 ? "" : "s", x.length, SeriesValues.summary(rows()));
    }

    @Override
    public String toString() {
        return plainText();
    }

    double[] x() {
        return x;
    }

    /** Names of the places, empty when they are numbers. */
    List<String> labels() {
        return labels;
    }

    List<Line> lines() {
        return lines;
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

    boolean isLogarithmic() {
        return logarithmic;
    }

    boolean hasMarkers() {
        return markers;
    }

    /** True if {@code value} can be drawn. */
    boolean shows(double value) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }

    /** The range that was set, else that of values and bands with a little air. */
    Range range() {
        if (range != null && !(logarithmic && range.low() <= 0)) {
            return range;
        }
        var all = new ArrayList<>(rows());
        lines.stream().filter(line -> line.low() != null).forEach(line -> all.addAll(List.of(line.low(), line.high())));
        return logarithmic ? SeriesValues.logarithmicRange(all) : SeriesValues.airyRange(all);
    }

    private List<double[]> rows() {
        return lines.stream().map(Line::values).toList();
    }

    private LineChart with(Line line) {
        checkLength(Objects.requireNonNull(line.name(), "name of a line"), line.values());
        var copy = new LineChart(this);
        var all = new ArrayList<>(lines);
        all.add(line);
        copy.lines = List.copyOf(all);
        return copy;
    }

    private void checkLength(String name, double[] values) {
        if (values.length != x.length) {
            throw new IllegalArgumentException("line chart: %s has %d values for %d places; fill up with NaN"
                    .formatted(name, values.length, x.length));
        }
    }
}
