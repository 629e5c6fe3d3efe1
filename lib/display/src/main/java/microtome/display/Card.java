package microtome.display;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A titled list of names and values, such as what is known about a model.
 *
 * @param title the heading
 * @param rows in order
 */
public record Card(String title, List<Row> rows) implements Displayable {
    /**
     * One line of a card.
     *
     * @param name what is told
     * @param value the fact as text
     * @param note where it comes from or what it means; empty for none
     */
    public record Row(String name, String value, String note) {
        /** Checks that nothing is missing. */
        public Row {
            Objects.requireNonNull(name, "name of a row");
            Objects.requireNonNull(value, "value of row " + name);
            Objects.requireNonNull(note, "note of row " + name);
        }
    }

    /** Checks that nothing is missing. */
    public Card {
        Objects.requireNonNull(title, "title of a card");
        rows = List.copyOf(rows);
    }

    /** An empty card. */
    public static Card of(String title) {
        return new Card(title, List.of());
    }

    /** This card with one more line; decimal numbers are shown with four significant digits. */
    public Card row(String name, Object value) {
        return row(name, value, "");
    }

    /** This card with one more line and a note on it. */
    public Card row(String name, Object value, String note) {
        var text = Column.text(name).format().apply(Objects.requireNonNull(value, "value of row " + name));
        var all = new ArrayList<>(rows);
        all.add(new Row(name, text, note));
        return new Card(title, all);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<String, Object>();
        bundle.put(MimeTypes.HTML, html());
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    public String plainText() {
        var width =
                rows.stream().mapToInt(row -> TextWidth.of(row.name())).max().orElse(0);
        var lines = new ArrayList<>(List.of(title, "─".repeat(TextWidth.of(title))));
        for (var row : rows) {
            var note = row.note().isEmpty() ? "" : "  (" + row.note() + ")";
            lines.add(TextWidth.padRight(row.name(), width) + "  " + row.value() + note);
        }
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String html() {
        var left = Html.aligned("left", "");
        var html = new StringBuilder("<table>\n<caption><b>%s</b></caption>\n<tbody>\n".formatted(Html.escape(title)));
        for (var row : rows) {
            var note = row.note().isEmpty() ? "" : " <i>(%s)</i>".formatted(Html.escape(row.note()));
            html.append("<tr><th%s>%s</th><td%s>%s%s</td></tr>\n"
                    .formatted(left, Html.escape(row.name()), left, Html.escape(row.value()), note));
        }
        return html.append("</tbody>\n</table>").toString();
    }
}
