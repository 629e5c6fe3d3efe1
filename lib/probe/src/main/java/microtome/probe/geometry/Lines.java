package microtome.probe.geometry;

import java.util.Arrays;
import java.util.List;
import microtome.display.LineChart;

/** Charts of one value per step or turn; a path too short to have any shows its points and an empty line. */
final class Lines {
    private Lines() {}

    static LineChart over(List<String> places, List<String> points, String name, double[] values) {
        if (!places.isEmpty()) {
            return LineChart.over(places).line(name, values);
        }
        var missing = new double[points.size()];
        Arrays.fill(missing, Double.NaN);
        return LineChart.over(points).line(name, missing);
    }
}
