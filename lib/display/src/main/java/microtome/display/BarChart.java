package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Bars from zero, one for each label and series, such as the likeliest next tokens. A NaN or infinite value has no bar
 * and says so.
 *
 * <pre>{@code
 * BarChart.over(tokens).bars("probability", probabilities).horizontal().title("Next token");
 * }</pre>
 *
 * A chart is a value: each method returns a changed copy.
 */
public final class BarChart implements Chart {
    private static final int MOST_WITH_NUMBERS = 30;

    private final List<String> labels;
    private List<Series> series = List.of();
    private String title = "";
    private String labelTitle = "";
    private String valueTitle = "";
    private boolean horizontal;

    /** Named bars; {@code errors} is half the length of their error marks or null. */
    record Series(String name, double[] values, double[] errors) {}

    private BarChart(List<String> labels) {
        this.labels = labels;
    }

    private BarChart(BarChart other) {
        this.labels = other.labels;
        this.series = other.series;
        this.title = other.title;
        this.labelTitle = other.labelTitle;
        this.valueTitle = other.valueTitle;
        this.horizontal = other.horizontal;
    }

    /**
     * A chart over these labels; they may repeat.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static BarChart over(List<String> labels) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("bar chart over 0 labels: need at least one");
        }
        return new BarChart(List.copyOf(labels));
    }

    /** This chart with one more series, one value for each label. */
    public BarChart bars(String name, double... values) {
        return with(new Series(name, values.clone(), null));
    }

    /** This chart with one more series whose bars carry marks of {@code ± errors}. */
    public BarChart bars(String name, double[] values, double[] errors) {
        checkLength(name + ", errors", errors);
        return with(new Series(name, values.clone(), errors.clone()));
    }

    /** A line above the chart. */
    public BarChart title(String words) {
        var copy = new BarChart(this);
        copy.title = Objects.requireNonNull(words, "title");
        return copy;
    }

    /** What the labels and what the values are. */
    public BarChart axisTitles(String ofLabels, String ofValues) {
        var copy = new BarChart(this);
        copy.labelTitle = Objects.requireNonNull(ofLabels, "title of the labels");
        copy.valueTitle = Objects.requireNonNull(ofValues, "title of the values");
        return copy;
    }

    /** Bars from left to right, the first label on top; best for long labels. */
    public BarChart horizontal() {
        var copy = new BarChart(this);
        copy.horizontal = true;
        return copy;
    }

    @Override
    public Figure figure() {
        return BarPlot.figure(this);
    }

    @Override
    public String description() {
        return "bar chart %d series x %d labels, %s"
                .formatted(
                        series.size(),
                        labels.size(),
                        SeriesValues.summary(series.stream().map(Series::values).toList()));
    }

    @Override
    public String toString() {
        return plainText();
    }

    List<String> labels() {
        return labels;
    }

    List<Series> series() {
        return series;
    }

    String title() {
        return title;
    }

    String labelTitle() {
        return labelTitle;
    }

    String valueTitle() {
        return valueTitle;
    }

    boolean isHorizontal() {
        return horizontal;
    }

    /** True if there are few enough bars to write their numbers beside them. */
    boolean hasNumbers() {
        return series.size() == 1 && labels.size() <= MOST_WITH_NUMBERS;
    }

    /** From zero over all values and error marks. */
    Range range() {
        return SeriesValues.rangeFromZero(
                series.stream().flatMap(BarChart::ends).toList());
    }

    private static Stream<double[]> ends(Series series) {
        if (series.errors() == null) {
            return Stream.of(series.values());
        }
        var low = series.values().clone();
        var high = series.values().clone();
        for (int i = 0; i < low.length; i++) {
            low[i] -= series.errors()[i];
            high[i] += series.errors()[i];
        }
        return Stream.of(series.values(), low, high);
    }

    private BarChart with(Series added) {
        checkLength(Objects.requireNonNull(added.name(), "name of a series"), added.values());
        var copy = new BarChart(this);
        var all = new ArrayList<>(series);
        all.add(added);
        copy.series = List.copyOf(all);
        return copy;
    }

    private void checkLength(String name, double[] values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException("bar chart: %s has %d values for %d labels; fill up with NaN"
                    .formatted(name, values.length, labels.size()));
        }
    }
}
