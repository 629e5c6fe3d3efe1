package microtome.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Numbers as colours: values {@code [rows, columns]}, such as layer by position. Row 0 is on top unless
 * {@link #firstRowAtBottom()}. NaN cells stay empty (grey); values beyond the range, and infinite ones, take the
 * colour at the end of the scale and a small triangle that points up or down.
 *
 * <pre>{@code
 * HeatMap.of(cosines).rowLabels(layers).columnLabels(tokens).diverging().title("Cosine to the last layer");
 * }</pre>
 *
 * A heat map is a value: each method returns a changed copy.
 */
public final class HeatMap implements Chart {
    private final double[][] values;
    private List<String> rowLabels;
    private List<String> columnLabels;
    private List<List<String>> text = List.of();
    private List<List<String>> hover = List.of();
    private String title = "";
    private String rowTitle = "";
    private String columnTitle = "";
    private String valueTitle = "";
    private ColorScale scale = ColorScale.VIRIDIS;
    private Range range;
    private boolean firstRowAtBottom;
    private boolean square;

    private HeatMap(double[][] values) {
        this.values = values;
        this.rowLabels = numbers(values.length);
        this.columnLabels = numbers(values[0].length);
    }

    private HeatMap(HeatMap other) {
        this.values = other.values;
        this.rowLabels = other.rowLabels;
        this.columnLabels = other.columnLabels;
        this.text = other.text;
        this.hover = other.hover;
        this.title = other.title;
        this.rowTitle = other.rowTitle;
        this.columnTitle = other.columnTitle;
        this.valueTitle = other.valueTitle;
        this.scale = other.scale;
        this.range = other.range;
        this.firstRowAtBottom = other.firstRowAtBottom;
        this.square = other.square;
    }

    /**
     * A heat map of {@code values [rows, columns]}, which are copied.
     *
     * @throws IllegalArgumentException if there are no rows or no columns, or rows of different lengths
     */
    public static HeatMap of(double[][] values) {
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("heat map of [%d, %d]: need at least one row and one column"
                    .formatted(values.length, values.length == 0 ? 0 : values[0].length));
        }
        for (int row = 0; row < values.length; row++) {
            if (values[row].length != values[0].length) {
                throw new IllegalArgumentException("heat map: row %d has %d values, row 0 has %d; pad with NaN"
                        .formatted(row, values[row].length, values[0].length));
            }
        }
        return new HeatMap(Arrays.stream(values).map(double[]::clone).toArray(double[][]::new));
    }

    /** A heat map of single-precision {@code values [rows, columns]}; see {@link #of(double[][])}. */
    public static HeatMap of(float[][] values) {
        return of(Arrays.stream(values).map(HeatMap::widened).toArray(double[][]::new));
    }

    /** Labels of the rows, one for each; they may repeat. */
    public HeatMap rowLabels(List<String> labels) {
        var copy = new HeatMap(this);
        copy.rowLabels = checked(labels, rows(), "row");
        return copy;
    }

    /** Labels of the columns, one for each; they may repeat, as tokens do. */
    public HeatMap columnLabels(List<String> labels) {
        var copy = new HeatMap(this);
        copy.columnLabels = checked(labels, columns(), "column");
        return copy;
    }

    /** Text inside the cells, {@code [rows, columns]}, shown where it fits; pass tokens through {@link TokenText}. */
    public HeatMap text(String[][] words) {
        var copy = new HeatMap(this);
        copy.text = checked(words, "text");
        return copy;
    }

    /** Text shown when the pointer rests on a cell, {@code [rows, columns]}; newlines break the line. */
    public HeatMap hover(String[][] words) {
        var copy = new HeatMap(this);
        copy.hover = checked(words, "hover text");
        return copy;
    }

    /** A line above the map. */
    public HeatMap title(String words) {
        var copy = new HeatMap(this);
        copy.title = Objects.requireNonNull(words, "title");
        return copy;
    }

    /** What the rows and what the columns are. */
    public HeatMap axisTitles(String ofRows, String ofColumns) {
        var copy = new HeatMap(this);
        copy.rowTitle = Objects.requireNonNull(ofRows, "title of the rows");
        copy.columnTitle = Objects.requireNonNull(ofColumns, "title of the columns");
        return copy;
    }

    /** What the values are, beside the colour bar. */
    public HeatMap valueTitle(String words) {
        var copy = new HeatMap(this);
        copy.valueTitle = Objects.requireNonNull(words, "title of the values");
        return copy;
    }

    /** Another colour scale; {@link ColorScale#VIRIDIS} if never called. */
    public HeatMap scale(ColorScale other) {
        var copy = new HeatMap(this);
        copy.scale = Objects.requireNonNull(other, "colour scale");
        return copy;
    }

    /** Blue below zero, red above, zero in the middle. */
    public HeatMap diverging() {
        return scale(ColorScale.BLUE_RED);
    }

    /**
     * The values at the ends of the colour scale, instead of the smallest and largest. A centred scale reaches equally
     * far on both sides of zero.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public HeatMap range(double low, double high) {
        var copy = new HeatMap(this);
        copy.range = new Range(low, high);
        return copy;
    }

    /** Row 0 at the bottom, so that layers rise. */
    public HeatMap firstRowAtBottom() {
        var copy = new HeatMap(this);
        copy.firstRowAtBottom = true;
        return copy;
    }

    /** Cells as high as wide, as for position by position. */
    public HeatMap square() {
        var copy = new HeatMap(this);
        copy.square = true;
        return copy;
    }

    @Override
    public Figure figure() {
        return HeatMapPlot.figure(this, asGrid());
    }

    @Override
    public String description() {
        return "heat map %d x %d, %s".formatted(rows(), columns(), HeatMapCells.summary(Stream.of(this)));
    }

    @Override
    public String toString() {
        return plainText();
    }

    /** A grid of this map alone, whose title is this map's. */
    HeatMapGrid asGrid() {
        return HeatMapGrid.of(List.of(title(""))).title(title);
    }

    int rows() {
        return values.length;
    }

    int columns() {
        return values[0].length;
    }

    double[][] values() {
        return values;
    }

    List<String> rowLabels() {
        return rowLabels;
    }

    List<String> columnLabels() {
        return columnLabels;
    }

    List<List<String>> text() {
        return text;
    }

    List<List<String>> hover() {
        return hover;
    }

    String title() {
        return title;
    }

    String rowTitle() {
        return rowTitle;
    }

    String columnTitle() {
        return columnTitle;
    }

    String valueTitle() {
        return valueTitle;
    }

    ColorScale scale() {
        return scale;
    }

    /** The range that was set, else that of the values; centred if the scale is. */
    Range range() {
        var plain = range == null ? Range.of(Arrays.asList(values)) : range;
        return scale.isCentered() ? plain.centered() : plain;
    }

    boolean isFirstRowAtBottom() {
        return firstRowAtBottom;
    }

    boolean isSquare() {
        return square;
    }

    private List<List<String>> checked(String[][] words, String what) {
        if (words.length != rows()) {
            throw new IllegalArgumentException(
                    "heat map: %s has %d rows, the values %d".formatted(what, words.length, rows()));
        }
        var lists = new ArrayList<List<String>>();
        for (int row = 0; row < words.length; row++) {
            if (words[row].length != columns()) {
                throw new IllegalArgumentException("heat map: %s has %d entries in row %d, the values %d"
                        .formatted(what, words[row].length, row, columns()));
            }
            lists.add(Arrays.stream(words[row])
                    .map(word -> Objects.requireNonNullElse(word, ""))
                    .toList());
        }
        return lists;
    }

    private static List<String> checked(List<String> labels, int count, String what) {
        if (labels.size() != count) {
            throw new IllegalArgumentException(
                    "heat map: %d %s labels for %d %ss".formatted(labels.size(), what, count, what));
        }
        return List.copyOf(labels);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static double[] widened(float[] row) {
        return IntStream.range(0, row.length).mapToDouble(column -> row[column]).toArray();
    }
}
