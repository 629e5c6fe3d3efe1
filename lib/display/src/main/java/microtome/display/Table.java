package microtome.display;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of values under named columns. Shows as an HTML table, as aligned text, and as CSV with full precision.
 *
 * @param columns at least one
 * @param rows each as long as {@code columns}
 * @param caption a line above the table, empty for none
 * @param notes lines below the table
 */
public record Table(List<Column> columns, List<List<Cell>> rows, String caption, List<String> notes)
        implements Displayable {
    /** Checks that every row fits the columns. */
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        notes = List.copyOf(notes);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a table needs at least one column");
        }
        for (int index = 0; index < rows.size(); index++) {
            if (rows.get(index).size() != columns.size()) {
                throw new IllegalArgumentException("row %d has %d values; the table has %d columns: %s"
                        .formatted(
                                index,
                                rows.get(index).size(),
                                columns.size(),
                                columns.stream().map(Column::name).toList()));
            }
        }
    }

    /** An empty table with these columns. */
    public static Table of(Column... columns) {
        return new Table(Arrays.asList(columns), List.of(), "", List.of());
    }

    /** An empty table with columns of anything. */
    public static Table of(String... names) {
        return of(Arrays.stream(names).map(Column::of).toArray(Column[]::new));
    }

    /** This table with one more row; values may be {@link Cell}s. */
    public Table row(Object... values) {
        return rows(List.of(Arrays.asList(values)));
    }

    /** This table with more rows; values may be {@link Cell}s. */
    public Table rows(List<? extends List<?>> more) {
        var all = new ArrayList<>(rows);
        for (var row : more) {
            all.add(row.stream().map(Cell::of).toList());
        }
        return new Table(columns, all, caption, notes);
    }

    /** This table with a line above it. */
    public Table caption(String text) {
        return new Table(columns, rows, text, notes);
    }

    /** This table with one more line below it. */
    public Table note(String text) {
        var all = new ArrayList<>(notes);
        all.add(text);
        return new Table(columns, rows, caption, all);
    }

    /** Comma-separated values (RFC 4180) with a heading line; numbers in full, tokens as they are. */
    public String csv() {
        return TableForms.csv(this);
    }

    /**
     * Writes {@link #csv()} in UTF-8.
     *
     * @throws IOException if the file cannot be written
     */
    public void saveCsv(Path file) throws IOException {
        Files.writeString(file, csv());
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<String, Object>();
        bundle.put(MimeTypes.HTML, TableForms.html(this));
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    public String plainText() {
        return TableForms.text(this);
    }

    @Override
    public String toString() {
        return plainText();
    }

    /** The text of a cell, with the number of its footnote. */
    String shown(int row, int column) {
        var cell = rows.get(row).get(column);
        var mark = cell.reason() == null ? "" : " [%d]".formatted(reasons().indexOf(cell.reason()) + 1);
        if (cell.value() == null) {
            return mark.strip();
        }
        var text = cell.isNaN() ? "NaN" : columns.get(column).format().apply(cell.value());
        return text + mark;
    }

    /** Why values are missing, each once, in order of first use. */
    List<String> reasons() {
        return rows.stream()
                .flatMap(List::stream)
                .map(Cell::reason)
                .filter(reason -> reason != null)
                .distinct()
                .toList();
    }

    boolean alignsRight(int column) {
        return switch (columns.get(column).align()) {
            case LEFT -> false;
            case RIGHT -> true;
            case AUTOMATIC -> !rows.isEmpty() && rows.getFirst().get(column).value() instanceof Number;
        };
    }
}
