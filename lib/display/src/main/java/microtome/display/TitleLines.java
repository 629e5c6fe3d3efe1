package microtome.display;

import java.util.ArrayList;
import java.util.List;

/** A title broken into lines that fit above a figure. */
final class TitleLines {
    static final double LINE_HEIGHT = 20;

    /** Pixels that Plotly's buttons take at the right of a title. */
    static final double BUTTONS = 190;

    private static final double BOLD = 1.08; // bold letters are this much wider

    private TitleLines() {}

    /** {@code title} in lines of at most {@code width} pixels, broken at spaces; a longer word keeps its line. */
    static List<String> of(String title, double width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : title.split(" ")) {
            if (!line.isEmpty() && width(line + " " + word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Pixels above the plot for a title in lines of {@code width}. */
    static double height(String title, double width) {
        return title.isEmpty() ? 12 : 18 + of(title, width).size() * LINE_HEIGHT;
    }

    static double width(String text) {
        return TextWidth.pixels(text, HeatMapGeometry.TITLE_SIZE) * BOLD;
    }
}
