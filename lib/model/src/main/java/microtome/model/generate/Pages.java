package microtome.model.generate;

import java.util.Locale;
import java.util.stream.Collectors;

/** How written texts look in a cell: the prompt dimmed, what was written, why it ended; tokens behind a click. */
final class Pages {
    private static final String PARAGRAPH = "<div style=\"white-space:pre-wrap;max-width:60em;margin-bottom:0.5em\">"
            + "<span style=\"opacity:0.55\">%s</span><span>%s</span> <small style=\"opacity:0.55\">[%s]</small></div>";

    private Pages() {}

    static String html(Generated generated) {
        var html = new StringBuilder();
        for (GeneratedText text : generated.texts()) {
            html.append(paragraph(text.prompt().text(), text.text(), ending(text)));
            html.append("<details><summary>tokens</summary>")
                    .append(Strips.of(text).mimeBundle().get("text/html"))
                    .append("</details>\n");
        }
        return html.append("<small>")
                .append(escaped(footer(generated)))
                .append("</small>")
                .toString();
    }

    static String text(Generated generated) {
        return generated.texts().stream()
                        .map(text -> text.prompt().text() + "‖" + text.text() + " [" + ending(text) + "]")
                        .collect(Collectors.joining("\n\n"))
                + "\n"
                + footer(generated);
    }

    /** One text: the prompt dimmed, then what was written, then a remark. */
    static String paragraph(String prompt, String written, String remark) {
        return PARAGRAPH.formatted(escaped(prompt), escaped(written), escaped(remark));
    }

    private static String ending(GeneratedText text) {
        return "%s after %d tokens".formatted(text.ending(), text.tokens().size());
    }

    private static String footer(Generated generated) {
        return String.format(
                Locale.ROOT,
                "%s%s; %d tokens in %.2f s, %.1f tokens/s",
                generated.request().choice(),
                generated.edits().equals("none") ? "" : "; edits: " + generated.edits(),
                generated.tokens(),
                generated.seconds(),
                generated.tokensPerSecond());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
