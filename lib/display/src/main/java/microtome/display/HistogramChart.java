package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How often values fall into each of a row of bins, for named groups over the same bins, laid over each other.
 *
 * <pre>{@code
 * HistogramChart.of().values("true", projections).values("false", others).shares().axisTitle("projection");
 * }</pre>
 *
 * A value that is NaN, infinite or beyond a given edge is in no bin; the legend counts them. A chart is a value: each
 * method returns a changed copy.
 */
public final class HistogramChart implements Chart {
    private List<Group> groups = List.of();
    private List<Mark> marks = List.of();
    private String title = "";
    private String valueTitle = "";
    private int bins;
    private Range range;
    private boolean shares;

    /** The values of one group. */
    record Group(String name, double[] values) {}

    /** A dashed line at a value, such as a threshold. */
    record Mark(double value, String name) {}

    private HistogramChart() {}

    private HistogramChart(HistogramChart other) {
        this.groups = other.groups;
        this.marks = other.marks;
        this.title = other.title;
        this.valueTitle = other.valueTitle;
        this.bins = other.bins;
        this.range = other.range;
        this.shares = other.shares;
    }

    /** A chart without values. */
    public static HistogramChart of() {
        return new HistogramChart();
    }

    /** This chart with one group more. */
    public HistogramChart values(String name, double... values) {
        var copy = new HistogramChart(this);
        var all = new ArrayList<>(groups);
        all.add(new Group(Objects.requireNonNull(name, "name of a group"), values.clone()));
        copy.groups = List.copyOf(all);
        return copy;
    }

    /**
     * Another number of bins, all equally wide, instead of the number that suits the values (Freedman and Diaconis 1981;
     * one for each whole number when all values are whole).
     *
     * @throws IllegalArgumentException unless 1..1000
     */
    public HistogramChart bins(int count) {
        if (count < 1 || count > Bins.MOST) {
            throw new IllegalArgumentException("histogram of %d bins: need 1..%d".formatted(count, Bins.MOST));
        }
        var copy = new HistogramChart(this);
        copy.bins = count;
        return copy;
    }

    /**
     * The outer edges of the bins, instead of the ends of the values.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public HistogramChart range(double low, double high) {
        var copy = new HistogramChart(this);
        copy.range = new Range(low, high);
        return copy;
    }

    /** Heights as shares of each group's values in the bins, so that groups of unlike sizes can be compared. */
    public HistogramChart shares() {
        var copy = new HistogramChart(this);
        copy.shares = true;
        return copy;
    }

    /**
     * This chart with a dashed line from bottom to top, {@code name} beside it.
     *
     * @throws IllegalArgumentException if {@code value} is not finite
     */
    public HistogramChart lineAt(double value, String name) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("histogram: a line at %s; need a finite number".formatted(value));
        }
        var copy = new HistogramChart(this);
        var all = new ArrayList<>(marks);
        all.add(new Mark(value, Objects.requireNonNull(name, "name of a line")));
        copy.marks = List.copyOf(all);
        return copy;
    }

    /** A line above the chart. */
    public HistogramChart title(String words) {
        var copy = new HistogramChart(this);
        copy.title = Objects.requireNonNull(words, "title");
        return copy;
    }

    /** What the values are. */
    public HistogramChart axisTitle(String ofValues) {
        var copy = new HistogramChart(this);
        copy.valueTitle = Objects.requireNonNull(ofValues, "title of the values");
        return copy;
    }

    @Override
    public Figure figure() {
        return HistogramPlot.figure(this);
    }

    @Override
    public String description() {
        return "histogram %d group%s x %d bins, %s"
                .formatted(
                        groups.size(),
                        groups.size() == 1 ? "" : "s",
                        groups.isEmpty() ? 0 : binning().count(),
                        SeriesValues.summary(groups.stream().map(Group::values).toList()));
    }

    @Override
    public String toString() {
        return plainText();
    }

    List<Group> groups() {
        return groups;
    }

    List<Mark> marks() {
        return marks;
    }

    String title() {
        return title;
    }

    String valueTitle() {
        return valueTitle;
    }

    String heightTitle() {
        return shares ? "share" : "count";
    }

    /** The bins that all groups share. */
    Bins binning() {
        return Bins.of(groups.stream().map(Group::values).toList(), range, bins);
    }

    /** The height of each bar of a group. */
    double[] heights(Group group, Bins over) {
        var heights = over.counts(group.values());
        var inside = 0.0;
        for (var height : heights) {
            inside += height;
        }
        for (int bin = 0; shares && inside > 0 && bin < heights.length; bin++) {
            heights[bin] /= inside;
        }
        return heights;
    }
}
