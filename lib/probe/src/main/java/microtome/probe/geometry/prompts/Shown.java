package microtome.probe.geometry.prompts;

import java.util.Arrays;
import java.util.List;
import microtome.display.Cell;
import microtome.display.LineChart;

/** What results have in common when they are shown. */
final class Shown {
    static final String NO_DIRECTION = "a state shorter than 1e-12 has no direction";
    static final String NO_INTERVAL = "an interval needs at least two numbers";

    private Shown() {}

    static Cell cell(double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reason) : Cell.of(value);
    }

    /** A chart over places; where there are none, over the layers, with an empty line. */
    static LineChart over(List<String> places, List<String> layers, String name) {
        if (!places.isEmpty()) {
            return LineChart.over(places);
        }
        var missing = new double[layers.size()];
        Arrays.fill(missing, Double.NaN);
        return LineChart.over(layers).line(name, missing);
    }

    /** A title, and the reason behind it where there is nothing to see. */
    static String because(String title, String reason) {
        return reason.isEmpty() ? title : "%s (no value: %s)".formatted(title, reason);
    }

    static double[] repeated(double value, int count) {
        var values = new double[count];
        Arrays.fill(values, value);
        return values;
    }
}
