package microtome.probe.geometry.prompts;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.LineChart;
import microtome.probe.data.statistics.Bootstrap;

/**
 * Means of a group, place by place, with their intervals.
 *
 * @param name of the group
 * @param mean one for each place; NaN where nothing was there
 * @param low lower ends; NaN where an interval does not exist
 * @param high upper ends
 * @param n numbers that were averaged
 * @param leftOut numbers that were NaN
 */
record Band(String name, double[] mean, double[] low, double[] high, int[] n, int[] leftOut) {
    /** The means over these rows, {@code [members, places]}. */
    static Band of(String name, double[][] rows, int places, Resampling resampling) {
        List<Bootstrap> means = IntStream.range(0, places)
                .mapToObj(place -> Bootstrap.ofMean(column(rows, place), resampling.forMeans()))
                .toList();
        return new Band(
                name,
                means.stream().mapToDouble(Bootstrap::mean).toArray(),
                means.stream().mapToDouble(Bootstrap::low).toArray(),
                means.stream().mapToDouble(Bootstrap::high).toArray(),
                means.stream().mapToInt(Bootstrap::n).toArray(),
                means.stream().mapToInt(Bootstrap::leftOut).toArray());
    }

    /** The chart with this line, in its band where there is one. */
    LineChart on(LineChart chart) {
        return chart.line("%s (n = %d)".formatted(Sample.called(name), largest(n)), mean, low, high);
    }

    static double[] column(double[][] rows, int column) {
        return IntStream.range(0, rows.length)
                .mapToDouble(row -> rows[row][column])
                .toArray();
    }

    static int largest(int[] counts) {
        return IntStream.of(counts).max().orElse(0);
    }
}
