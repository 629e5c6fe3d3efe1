package microtome.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows that are 0 almost everywhere, such as the features of tokens. A slot with value 0 is unused, whatever its place.
 *
 * @param places I32 {@code [rows, slots]}
 * @param values {@code [rows, slots]}
 * @param columns how many columns the rows stand for
 */
public record SparseRows(Tensor places, Tensor values, long columns) {
    private static final long DECODED_AT_ONCE = 8 << 20; // numbers

    /** Checks that places and values fit together. */
    public SparseRows {
        if (places.dtype() != DType.I32
                || places.shape().rank() != 2
                || !places.shape().equals(values.shape())) {
            throw new IllegalArgumentException(
                    "sparse rows: places %s and values %s; need I32 [rows, slots] and values of that shape"
                            .formatted(places.type(), values.type()));
        }
    }

    /** One row in plain arrays. */
    public record Row(int[] places, float[] values) {}

    /** The used slots of every row, in their order. Waits for the device. */
    public List<Row> rows() {
        var allPlaces = places.toInts();
        var allValues = values.toFloats();
        int slots = Math.toIntExact(places.extent(1));
        var rows = new ArrayList<Row>();
        for (int first = 0; first < allPlaces.length; first += slots) {
            int used = 0;
            var rowPlaces = new int[slots];
            var rowValues = new float[slots];
            for (int slot = first; slot < first + slots; slot++) {
                if (allValues[slot] != 0) {
                    rowPlaces[used] = allPlaces[slot];
                    rowValues[used++] = allValues[slot];
                }
            }
            rows.add(new Row(Arrays.copyOf(rowPlaces, used), Arrays.copyOf(rowValues, used)));
        }
        return List.copyOf(rows);
    }

    /** How many values of every row are not 0. Waits for the device. */
    public int[] counts() {
        return rows().stream().mapToInt(row -> row.places().length).toArray();
    }

    /**
     * The rows times a table: every value times the table's row at its place, summed.
     *
     * @param table {@code [columns, width]} of a floating or block type, such as a decoder
     * @param addend null, or {@code [width]}, added to every result
     * @return {@code [rows, width]} in the type of the values
     */
    public Tensor times(Tensor table, Tensor addend) {
        if (table.shape().rank() != 2 || table.extent(0) != columns) {
            throw new IllegalArgumentException("sparse rows: table %s for rows of %d columns; it must be [%d, width]"
                    .formatted(table.shape(), columns, columns));
        }
        try (var scope = values.engine().openScope()) {
            long rows = places.extent(0);
            long numbers = Math.max(1, places.extent(1) * table.extent(1));
            long step = Math.max(1, DECODED_AT_ONCE / numbers);
            var parts = new ArrayList<Tensor>();
            for (long first = 0; first < rows || parts.isEmpty(); first += step) {
                parts.add(part(first, Math.min(rows, first + step), table));
            }
            var product = Tensor.concat(0, parts);
            return scope.keep(addend == null ? product : product.plus(addend.cast(product.dtype())));
        }
    }

    private Tensor part(long first, long last, Tensor table) {
        var engine = values.engine();
        try (var scope = engine.openScope()) {
            var taken = table.gather(places.slice(0, first, last)).cast(values.dtype()); // [rows, slots, width]
            var weights = values.slice(0, first, last).reshape(last - first, 1, places.extent(1));
            return scope.keep(weights.matmul(taken).reshape(last - first, table.extent(1)));
        }
    }
}
