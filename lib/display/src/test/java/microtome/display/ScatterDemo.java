package microtome.display;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Scatter charts and histograms of {@link Demo}. */
final class ScatterDemo {
    private ScatterDemo() {}

    static ScatterChart groups() {
        var y = noise(2, 40, 1);
        y[3] = Double.NaN;
        return ScatterChart.of()
                .points("true", noise(1, 40, 1), y)
                .points("false", noise(3, 40, 2), noise(4, 40, 0.5))
                .hover(
                        "false",
                        IntStream.range(0, 40).mapToObj(i -> "<prompt> " + i).toList())
                .diagonal()
                .lineAtX(0.5, "threshold")
                .lineAtY(-1, "chance")
                .axisTitles("projection", "other projection")
                .title("Projections by class with a title that is long enough to reach the buttons at its right end");
    }

    static ScatterChart many() {
        return ScatterChart.of()
                .points("tokens", noise(5, 19_000, 1), noise(6, 19_000, 1))
                .points("first tokens", noise(7, 1_000, 0.2), noise(8, 1_000, 0.2))
                .title("Many points");
    }

    static ScatterChart paths() {
        var chart = ScatterChart.of()
                .equalAspect()
                .axisTitles("first component", "second component")
                .title("Paths");
        var layers = IntStream.rangeClosed(0, 12)
                .mapToObj(layer -> layer == 0 ? "emb" : "" + layer)
                .toList();
        for (int path = 0; path < 5; path++) {
            var phase = path;
            var x = IntStream.rangeClosed(0, 12)
                    .mapToDouble(l -> l * Math.cos(l / 6.0 + phase / 3.0))
                    .toArray();
            var y = IntStream.rangeClosed(0, 12)
                    .mapToDouble(l -> l * Math.sin(l / 6.0 + phase / 3.0))
                    .toArray();
            if (path == 1) {
                x[6] = Double.NaN;
            }
            chart = chart.path(path < 3 ? "animals" : "tools", x, y, layers);
        }
        return chart;
    }

    static ScatterChart logarithmic() {
        return ScatterChart.of()
                .logarithmicX()
                .logarithmicY()
                .points("length", new double[] {1, 10, 0, 1000}, new double[] {2, 30, 5, 700})
                .diagonal();
    }

    static HistogramChart histogram() {
        return HistogramChart.of()
                .values("true", noise(9, 300, 1))
                .values(
                        "false",
                        Arrays.stream(noise(10, 120, 1)).map(v -> v + 2).toArray())
                .shares()
                .lineAt(1.1, "threshold")
                .axisTitle("projection")
                .title("Projections by class");
    }

    static HistogramChart wholeNumbers() {
        return HistogramChart.of()
                .values("prediction depth", 3, 3, 4, 5, 5, 5, 7, Double.NaN, 12)
                .axisTitle("layer");
    }

    static double[] noise(int seed, int count, double spread) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToDouble(i -> spread * random.nextGaussian())
                .toArray();
    }
}
