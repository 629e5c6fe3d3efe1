package microtome.display;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Plotly figure as data, with a static picture for readers without scripts. Charts such as {@link HeatMap} make
 * figures; {@link #trace} and {@link #layout} reach everything else that Plotly can do.
 *
 * @see <a href="https://plotly.com/javascript/reference/">Plotly's figure reference</a>
 */
public final class Figure implements Displayable {
    private static final int DEFAULT_WIDTH = 760;
    private static final int DEFAULT_HEIGHT = 420;

    private final List<Map<String, Object>> traces;
    private final Map<String, Object> layout;
    private final List<Map<String, Object>> frames;
    private final Still still;

    private Figure(
            List<Map<String, Object>> traces,
            Map<String, Object> layout,
            List<Map<String, Object>> frames,
            Still still) {
        this.traces = List.copyOf(traces);
        this.layout = layout;
        this.frames = List.copyOf(frames);
        this.still = still;
    }

    /** What readers without scripts get: a line of text, and a picture of {@code chart} unless it is null. */
    private record Still(String description, Chart chart, boolean asMimeType) {}

    /**
     * A figure without a static picture; readers without scripts see its description.
     *
     * @param description one line for text terminals, for example {@code surface 20 x 20}
     */
    public static Figure of(String description, List<Map<String, Object>> traces) {
        return new Figure(traces, Map.of(), List.of(), new Still(description, null, false));
    }

    static Figure of(Chart chart, List<Map<String, Object>> traces, Map<String, Object> layout) {
        return new Figure(traces, layout, List.of(), new Still(chart.description(), chart, false));
    }

    /** This figure with one more trace, for example {@code Map.of("type", "scatter", "y", List.of(1, 2))}. */
    public Figure trace(Map<String, Object> trace) {
        var all = new ArrayList<>(traces);
        all.add(trace);
        return new Figure(all, layout, frames, still);
    }

    /**
     * This figure with one layout attribute set, for example {@code layout("yaxis.title.text", "layer")}. A plain
     * string given for a {@code title} is taken as its text. The static picture does not follow.
     *
     * @throws IllegalArgumentException if the path is empty, leads through a value, or is one that Plotly dropped
     */
    public Figure layout(String dottedPath, Object value) {
        return new Figure(traces, LayoutPath.set(layout, dottedPath, value), frames, still);
    }

    /** This figure with animation frames; a slider in the layout refers to them by name. */
    public Figure frames(List<Map<String, Object>> more) {
        return new Figure(traces, layout, more, still);
    }

    /**
     * This figure with {@code image/png} in its bundle, for notebooks that are read where no script runs. JupyterLab
     * then shows the picture until the pointer touches it, which is why this is not the default.
     */
    public Figure withPng() {
        return new Figure(traces, layout, frames, new Still(still.description, still.chart, true));
    }

    /** The figure as the tree that Plotly reads: {@code data}, {@code layout}, {@code config} and maybe {@code frames}. */
    public Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("data", traces);
        tree.put("layout", layout);
        if (!frames.isEmpty()) {
            tree.put("frames", frames);
        }
        tree.put("config", Map.of("displaylogo", false, "typesetMath", false)); // a token $x$ is no formula
        return tree;
    }

    /** The static picture as a PNG at twice the figure's size, or null if the figure has none. */
    public byte[] png() {
        return still.chart == null ? null : Painter.png(still.chart);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<String, Object>();
        bundle.put(MimeTypes.PLOTLY, tree());
        bundle.put(MimeTypes.HTML, FigureHtml.fragment(this));
        if (still.asMimeType && still.chart != null) {
            bundle.put(MimeTypes.PNG, Base64.getEncoder().encodeToString(png()));
        }
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    public String plainText() {
        return "Figure[" + still.description + "]";
    }

    @Override
    public String toString() {
        return plainText();
    }

    /**
     * Writes a page that shows the static picture, and the figure itself once a script defines Plotly.
     *
     * @throws IOException if the file cannot be written
     */
    public void saveHtml(Path page) throws IOException {
        Files.writeString(page, FigureHtml.page(this, ""));
    }

    /**
     * Writes a page that holds Plotly itself and needs no network.
     *
     * @param plotlyScript a {@code plotly.min.js}
     * @throws IOException if a file cannot be read or written
     */
    public void saveHtml(Path page, Path plotlyScript) throws IOException {
        Files.writeString(page, FigureHtml.page(this, Files.readString(plotlyScript)));
    }

    /**
     * Writes the static picture.
     *
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if the figure has no static picture
     */
    public void savePng(Path file) throws IOException {
        var png = png();
        if (png == null) {
            throw new IllegalStateException(
                    "%s has no static picture; only charts of this package have one. Use saveHtml or saveJson"
                            .formatted(this));
        }
        Files.write(file, png);
    }

    /**
     * Writes the tree as JSON.
     *
     * @throws IOException if the file cannot be written
     */
    public void saveJson(Path file) throws IOException {
        Files.writeString(file, Json.write(tree()));
    }

    int width() {
        return layout.get("width") instanceof Number number ? number.intValue() : DEFAULT_WIDTH;
    }

    int height() {
        return layout.get("height") instanceof Number number ? number.intValue() : DEFAULT_HEIGHT;
    }
}
