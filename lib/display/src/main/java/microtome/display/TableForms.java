package microtome.display;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table as aligned text, as HTML and as comma-separated values. */
final class TableForms {
    private TableForms() {}

    static String text(Table table) {
        var widths = IntStream.range(0, table.columns().size())
                .map(column -> width(table, column))
                .toArray();
        var lines = new ArrayList<String>();
        if (!table.caption().isEmpty()) {
            lines.add(table.caption());
        }
        var columns = IntStream.range(0, widths.length);
        lines.add(columns.mapToObj(
                        column -> pad(table, column, table.columns().get(column).name(), widths[column]))
                .collect(Collectors.joining("  "))
                .stripTrailing());
        lines.add(IntStream.of(widths).mapToObj("─"::repeat).collect(Collectors.joining("  ")));
        for (int row = 0; row < table.rows().size(); row++) {
            lines.add(rowText(table, row, widths));
        }
        lines.addAll(footnotes(table));
        return String.join("\n", lines);
    }

    static String html(Table table) {
        var html = new StringBuilder("<table>\n");
        if (!table.caption().isEmpty()) {
            html.append("<caption>").append(Html.escape(table.caption())).append("</caption>\n");
        }
        html.append("<thead><tr>");
        for (int column = 0; column < table.columns().size(); column++) {
            var name = Html.escape(table.columns().get(column).name());
            html.append("<th%s>%s</th>".formatted(aligned(table, column, ""), name));
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.rows().size(); row++) {
            html.append("<tr>");
            for (int column = 0; column < table.columns().size(); column++) {
                html.append(cellHtml(table, row, column));
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>");
        for (var note : footnotes(table)) {
            html.append("\n<p>").append(Html.escape(note)).append("</p>");
        }
        return html.toString();
    }

    static String csv(Table table) {
        var lines = new ArrayList<String>();
        lines.add(table.columns().stream().map(column -> quoted(column.name())).collect(Collectors.joining(",")));
        for (var row : table.rows()) {
            lines.add(row.stream()
                    .map(cell -> cell.value() == null ? "" : quoted(cell.value().toString()))
                    .collect(Collectors.joining(",")));
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String rowText(Table table, int row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> pad(table, column, table.shown(row, column), widths[column]))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private static int width(Table table, int column) {
        var heading = TextWidth.of(table.columns().get(column).name());
        return IntStream.range(0, table.rows().size())
                .map(row -> TextWidth.of(table.shown(row, column)))
                .reduce(heading, Math::max);
    }

    private static String pad(Table table, int column, String text, int width) {
        return table.alignsRight(column) ? TextWidth.padLeft(text, width) : TextWidth.padRight(text, width);
    }

    private static String cellHtml(Table table, int row, int column) {
        var cell = table.rows().get(row).get(column);
        var shade = cell.background() == null
                ? ""
                : ";background-color:%s%s"
                        .formatted(cell.background(), cell.foreground() == null ? "" : ";color:" + cell.foreground());
        var title = cell.tooltip() == null ? "" : " title=\"%s\"".formatted(Html.escape(cell.tooltip()));
        var text = Html.escape(table.shown(row, column));
        return "<td%s%s>%s</td>".formatted(aligned(table, column, shade), title, text);
    }

    private static String aligned(Table table, int column, String shade) {
        return Html.aligned(table.alignsRight(column) ? "right" : "left", shade);
    }

    private static List<String> footnotes(Table table) {
        var lines = new ArrayList<String>();
        var reasons = table.reasons();
        for (int index = 0; index < reasons.size(); index++) {
            lines.add("[%d] %s".formatted(index + 1, reasons.get(index)));
        }
        lines.addAll(table.notes());
        return lines;
    }

    private static String quoted(String value) {
        return value.chars().anyMatch(character -> "\",\r\n".indexOf(character) >= 0)
                ? '"' + value.replace("\"", "\"\"") + '"'
                : value;
    }
}
