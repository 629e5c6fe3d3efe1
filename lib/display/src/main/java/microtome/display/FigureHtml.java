package microtome.display;

import java.util.Base64;

/**
 * A figure as an HTML fragment and as a page.
 *
 * <p>The fragment shows a static picture and holds the figure's data. Its script draws at once when
 * {@code window.Plotly} exists; otherwise it puts the drawing on the page-wide queue {@code window.microtomeFigures}.
 * Whoever loads Plotly later in the page then calls {@code window.microtomeDraw && window.microtomeDraw()}, which draws
 * all that waits. Nothing is loaded from a network. When anything goes wrong the static picture stays.
 */
final class FigureHtml {
    private static final String FRAGMENT = """
            <div id="%1$s" class="microtome-figure" style="max-width:100%%;overflow-x:auto">%2$s</div>
            <script>
            (function () {
              var figure = %3$s;
              function draw() {
                var box = document.getElementById("%1$s");
                if (!box || box.dataset.drawn) return;
                box.dataset.drawn = "yes";
                var still = box.firstElementChild;
                var plot = document.createElement("div");
                plot.style.width = "%4$dpx";
                plot.style.height = "%5$dpx";
                function keepStill() { plot.remove(); still.style.display = ""; }
                try {
                  still.style.display = "none";
                  box.appendChild(plot);
                  Promise.resolve(window.Plotly.newPlot(plot, figure)).catch(keepStill);
                } catch (error) { keepStill(); }
              }
              window.microtomeFigures = window.microtomeFigures || [];
              window.microtomeDraw = window.microtomeDraw || function () {
                while (window.Plotly && window.microtomeFigures.length) window.microtomeFigures.shift()();
              };
              window.microtomeFigures.push(draw);
              window.microtomeDraw();
            })();
            </script>""";

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>%s</title></head>
            <body>
            %s%s
            </body>
            </html>
            """;

    private FigureHtml() {}

    static String fragment(Figure figure) {
        var json = Json.writeForScript(figure.tree());
        return FRAGMENT.formatted(Displays.newId(), still(figure), json, figure.width(), figure.height());
    }

    static String page(Figure figure, String plotlyScript) {
        var script = plotlyScript.isEmpty() ? "" : "<script>" + insideScript(plotlyScript) + "</script>\n";
        return PAGE.formatted(Html.escape(figure.plainText()), script, fragment(figure));
    }

    private static String still(Figure figure) {
        var png = figure.png();
        var text = Html.escape(figure.plainText());
        if (png == null) {
            return "<p>%s: this figure has no static picture; it shows where Plotly is loaded.</p>".formatted(text);
        }
        return "<img alt=\"%s\" width=\"%d\" style=\"max-width:100%%\" src=\"data:image/png;base64,%s\">"
                .formatted(text, figure.width(), Base64.getEncoder().encodeToString(png));
    }

    /** A closing tag inside a script ends it even within a string literal; there a backslash before the slash is void. */
    private static String insideScript(String script) {
        return script.replace("</script", "<\\/script");
    }
}
