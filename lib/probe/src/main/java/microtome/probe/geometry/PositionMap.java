package microtome.probe.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.HeatMap;
import microtome.display.Table;
import microtome.probe.data.Copies;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.Provenance;

/**
 * One quantity of the path of every position on its own, layer by position. Position 0 is left out of the picture and of
 * the table: its massive activation would set the scale for all others. {@link #withFirstPosition()} shows it.
 */
public final class PositionMap implements ProbeResult<double[][]> {
    private static final String LEFT_OUT =
            "position 0 is left out: its massive activation would set the scale; withFirstPosition() shows it";
    private static final String ALONE =
            "the prompt has one token, which is kept although position 0 usually carries a massive activation";

    private final PositionQuantity quantity;
    private final List<String> places;
    private final double[][] values;
    private final Measurement measurement;
    private final boolean withFirst;

    PositionMap(
            PositionQuantity quantity,
            List<String> places,
            double[][] values,
            Measurement measurement,
            boolean withFirst) {
        this.quantity = quantity;
        this.places = List.copyOf(places);
        this.values = values;
        this.measurement = measurement;
        this.withFirst = withFirst;
    }

    /** The same numbers, shown with position 0. */
    public PositionMap withFirstPosition() {
        return new PositionMap(quantity, places, values, measurement, true);
    }

    @Override
    public Figure plot() {
        HeatMap map = HeatMap.of(colours())
                .rowLabels(places.isEmpty() ? List.of("no " + quantity.label()) : places)
                .columnLabels(measurement.provenance().labels())
                .axisTitles(quantity == PositionQuantity.CURVATURE ? "turn" : "step", "token")
                .valueTitle(valueTitle())
                .hover(hover())
                .firstRowAtBottom()
                .title(title());
        return switch (quantity) {
            case VELOCITY -> map.figure();
            case CURVATURE -> map.range(0, Math.PI).figure();
            case COSINE -> map.diverging().range(-1, 1).figure();
        };
    }

    @Override
    public Table table() {
        var columns = new ArrayList<Column>();
        columns.add(Column.text(quantity == PositionQuantity.CURVATURE ? "turn" : "step"));
        Provenance provenance = measurement.provenance();
        provenance.inTable(first()).forEach(position -> columns.add(Column.number(provenance.label(position))));
        Table table = Table.of(columns.toArray(Column[]::new))
                .rows(IntStream.range(0, values.length).mapToObj(this::row).toList())
                .caption(title());
        return provenance.noted(table, first()).note(note());
    }

    /** The values of all positions, {@code [steps or turns, positions]}; NaN where a vector has no direction. */
    @Override
    public double[][] values() {
        return Copies.of(values);
    }

    @Override
    public Explanation explain() {
        return measurement
                .explanation(quantity.label() + " per position", quantity.formula())
                .n((long) values.length * measurement.provenance().positions())
                .note(note());
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String title() {
        return "%s per position, %s".formatted(capitalised(quantity.label()), measurement.points());
    }

    private String valueTitle() {
        return switch (quantity) {
            case VELOCITY -> "log10 of the step";
            case CURVATURE -> "radians";
            case COSINE -> "cosine";
        };
    }

    private String note() {
        if (measurement.provenance().positions() == 1) {
            return ALONE;
        }
        return withFirst ? "position 0 is shown; it usually carries a massive activation" : LEFT_OUT;
    }

    /** The first position that is shown. */
    private int first() {
        return withFirst || measurement.provenance().positions() == 1 ? 0 : 1;
    }

    /** What the colours stand for; a column that is left out is a gap. */
    private double[][] colours() {
        int positions = measurement.provenance().positions();
        var colours = new double[Math.max(1, values.length)][positions];
        Arrays.stream(colours).forEach(row -> Arrays.fill(row, Double.NaN));
        for (int row = 0; row < values.length; row++) {
            for (int position = first(); position < positions; position++) {
                colours[row][position] = colour(values[row][position]);
            }
        }
        return colours;
    }

    private double colour(double value) {
        return quantity == PositionQuantity.VELOCITY ? Math.log10(value) : value;
    }

    private String[][] hover() {
        int positions = measurement.provenance().positions();
        var hover = new String[Math.max(1, values.length)][positions];
        for (int row = 0; row < values.length; row++) {
            for (int position = 0; position < positions; position++) {
                hover[row][position] = String.format(
                        Locale.ROOT,
                        "%s, position %d: %s\n%s %.5g",
                        measurement.provenance().label(position),
                        position,
                        places.get(row),
                        quantity.label(),
                        values[row][position]);
            }
        }
        return hover;
    }

    private List<Object> row(int index) {
        var row = new ArrayList<Object>();
        row.add(places.get(index));
        for (int position : measurement.provenance().inTable(first())) {
            row.add(Reasons.cell(values[index][position], Reasons.NO_DIRECTION));
        }
        return row;
    }

    private static String capitalised(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
