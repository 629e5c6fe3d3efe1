package microtome.display;

import java.util.List;

/** Text made safe for HTML, both as content and inside quoted attributes. */
final class Html {
    private Html() {}

    static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            var character = text.charAt(i);
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(character);
            }
        }
        return escaped.toString();
    }

    /**
     * The attributes of a table's cell: the old attribute for readers that strip styles, the style for front-ends whose own
     * style sheet aligns everything to the right.
     *
     * @param style more declarations, each behind a semicolon
     */
    static String aligned(String side, String style) {
        return " align=\"%s\" style=\"text-align:%s%s\"".formatted(side, side, style);
    }

    /** Plotly reads a small HTML dialect in its labels; there {@code <s>} would strike the text through. */
    static String escapeForPlotly(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static List<String> escapeForPlotly(List<String> texts) {
        return texts.stream().map(Html::escapeForPlotly).toList();
    }
}
