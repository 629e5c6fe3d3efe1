package microtome.display;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes one picture of each kind, to be looked at: {@code Demo [folder] [plotly.min.js]}. */
final class Demo {
    private static final List<String> TOKENS = Stream.of("The", " capital", " of", " France", " is")
            .map(TokenText::visible)
            .toList();

    private Demo() {}

    public static void main(String... arguments) throws IOException {
        var folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "target/demo"));
        for (var entry : charts().entrySet()) {
            entry.getValue().savePng(folder.resolve(entry.getKey() + ".png"));
            entry.getValue().figure().saveJson(folder.resolve(entry.getKey() + ".json"));
            if (arguments.length > 1) {
                entry.getValue().figure().saveHtml(folder.resolve(entry.getKey() + ".html"), Path.of(arguments[1]));
            }
        }
        System.out.println("text painted: " + Lettering.isAvailable());
    }

    /** Every kind of chart with its options, by name. */
    static Map<String, Chart> charts() {
        var charts = new LinkedHashMap<String, Chart>();
        charts.put("lens", lens());
        charts.put("cosines", cosines());
        charts.put("degenerate", degenerate());
        charts.put("attention", attention(0, 5));
        charts.put("attention-long", longAttention());
        charts.put("heads", heads(3));
        charts.put("heads-unlike", unlike());
        charts.put("slider", slider());
        charts.put("lines", lines());
        charts.put("lines-many", manyLines());
        charts.put("lines-logarithmic", logarithmicLines());
        charts.put("lines-numbers", numberLines());
        charts.put("bars", bars());
        charts.put("bars-grouped", groupedBars());
        charts.put("bars-horizontal", horizontalBars());
        charts.put("scatter", ScatterDemo.groups());
        charts.put("scatter-many", ScatterDemo.many());
        charts.put("scatter-paths", ScatterDemo.paths());
        charts.put("scatter-logarithmic", ScatterDemo.logarithmic());
        charts.put("histogram", ScatterDemo.histogram());
        charts.put("histogram-whole", ScatterDemo.wholeNumbers());
        return charts;
    }

    private static Chart lens() {
        var words =
                new String[] {" the", " Paris", " a", " located", "\n", " République", " Frankreich", " one", " is"};
        var random = new Random(1);
        var values = new double[31][5];
        var text = new String[31][5];
        for (int layer = 0; layer < 31; layer++) {
            for (int position = 0; position < 5; position++) {
                values[layer][position] = Math.pow(random.nextDouble(), 3) * (0.2 + 0.8 * layer / 30.0);
                text[layer][position] = TokenText.visible(words[random.nextInt(words.length)]);
            }
        }
        return HeatMap.of(values)
                .text(text)
                .rowLabels(layers(30))
                .columnLabels(TOKENS)
                .firstRowAtBottom()
                .range(0, 1)
                .axisTitles("layer", "position")
                .valueTitle("probability of the first token")
                .title("Logit lens of \"The capital of France is\"");
    }

    private static Chart cosines() {
        var values = new double[31][31];
        for (int row = 0; row < 31; row++) {
            for (int column = 0; column < 31; column++) {
                values[row][column] = Math.cos((row - column) / 9.0) * Math.exp(-Math.abs(row - column) / 40.0);
            }
        }
        return HeatMap.of(values)
                .rowLabels(layers(30))
                .columnLabels(layers(30))
                .diverging()
                .square()
                .axisTitles("layer", "layer")
                .valueTitle("cosine")
                .title("Cosine between layers, a title that is a good deal longer than the plot under it is wide");
    }

    private static Chart degenerate() {
        var values = new double[][] {
            {Double.NaN, 0.5, 2, -7}, {0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1}, {-1, -0.5, 0.25, 0.75}
        };
        return HeatMap.of(values)
                .diverging()
                .range(-1, 1)
                .rowLabels(List.of("<s>", "<|im_start|>", "</script>"))
                .columnLabels(List.of("same", "same", "", "$x$"))
                .title("Gaps, clipped cells & awkward <labels>");
    }

    static HeatMap attention(int seed, int size) {
        var random = new Random(seed);
        var values = new double[size][size];
        for (int query = 0; query < size; query++) {
            Arrays.fill(values[query], Double.NaN);
            var sum = 0.0;
            for (int key = 0; key <= query; key++) {
                sum += values[query][key] = Math.exp(2.5 * random.nextGaussian() + (key == 0 ? 2 : 0));
            }
            for (int key = 0; key <= query; key++) {
                values[query][key] /= sum;
            }
        }
        var labels = IntStream.range(0, size)
                .mapToObj(position -> size == 5 ? TOKENS.get(position) : Integer.toString(position))
                .toList();
        return HeatMap.of(values)
                .rowLabels(labels)
                .columnLabels(labels)
                .scale(ColorScale.BLUES)
                .range(0, 1)
                .square()
                .axisTitles("query", "key")
                .valueTitle("attention")
                .title("Head " + seed);
    }

    private static Chart longAttention() {
        var labels = new ArrayList<String>();
        for (int position = 0; position < 128; position++) {
            labels.add(TOKENS.get(position % TOKENS.size()));
        }
        return attention(3, 128).columnLabels(labels).rowLabels(labels).title("Layer 3, head 3");
    }

    static HeatMapGrid heads(int seed) {
        return HeatMapGrid.of(IntStream.range(0, 8)
                        .mapToObj(head -> attention(10 * seed + head, 5).title("head " + head))
                        .toList())
                .title("Attention patterns of layer " + seed);
    }

    private static Chart unlike() {
        return HeatMapGrid.of(List.of(
                        attention(1, 5).title("five"),
                        attention(2, 12).title("twelve"),
                        attention(4, 30).title("thirty")))
                .across(3);
    }

    private static Chart slider() {
        var names = IntStream.range(0, 30).mapToObj(Integer::toString).toList();
        return HeatMapSlider.ofGrids(
                        "layer",
                        names,
                        IntStream.range(0, 30)
                                .mapToObj(layer -> heads(layer).title("Attention patterns"))
                                .toList())
                .active(7);
    }

    private static Chart lines() {
        var first = new double[31];
        var second = new double[31];
        var low = new double[31];
        var high = new double[31];
        for (int layer = 0; layer < 31; layer++) {
            first[layer] = 0.2 + 0.7 / (1 + Math.exp((14 - layer) / 3.0));
            second[layer] = layer == 11 || layer == 13 ? Double.NaN : 0.9 - 0.02 * layer;
            low[layer] = first[layer] - 0.05 - 0.002 * layer;
            high[layer] = first[layer] + 0.05 + 0.002 * layer;
        }
        return LineChart.over(layers(30))
                .line("accuracy of a linear probe", first, low, high)
                .line("cosine to the embedding", second)
                .baseline(
                        "chance",
                        java.util.stream.DoubleStream.generate(() -> 0.5)
                                .limit(31)
                                .toArray())
                .axisTitles("layer", "share")
                .title("What is known at which layer");
    }

    private static Chart manyLines() {
        var chart = LineChart.over(layers(30))
                .title("One line for each of 24 tokens")
                .axisTitles("layer", "length");
        for (int token = 0; token < 24; token++) {
            var offset = token;
            chart = chart.line(
                    "token " + token,
                    IntStream.range(0, 31)
                            .mapToDouble(layer -> Math.sin(layer / 5.0 + offset / 8.0) + offset * 0.1)
                            .toArray());
        }
        return chart;
    }

    private static Chart logarithmicLines() {
        return LineChart.over(TOKENS)
                .logarithmic()
                .line("length", 0.003, 12, 0, 850, 20000)
                .axisTitles("token", "length of the residual stream");
    }

    private static Chart numberLines() {
        var x = IntStream.rangeClosed(0, 200).mapToDouble(i -> -1 + i / 100.0).toArray();
        return LineChart.over(x)
                .line(
                        "loss",
                        Arrays.stream(x)
                                .map(v -> 2.31 + 0.4 * Math.exp(-8 * v * v))
                                .toArray())
                .axisTitles("interpolation", "loss")
                .title("Barrier between two modes");
    }

    private static Chart bars() {
        return BarChart.over(layers(12))
                .bars("share", 0.1, -0.2, 0.33, 0.4, Double.NaN, 0.2, 0.1, 0.7, -0.35, 0, 0.5, 0.25, 0.125)
                .axisTitles("layer", "effect")
                .title("Effect of leaving out one layer");
    }

    private static Chart groupedBars() {
        return BarChart.over(List.of("F32", "BF16", "Q8_0", "Q4_1"))
                .bars("cpu", new double[] {12.3, 6.9, 5.5, 4.25}, new double[] {0.6, 0.4, 0.5, 0.3})
                .bars("reference", new double[] {30, 28, 29.5, 31}, new double[] {1, 2, 1.5, 1})
                .axisTitles("weights", "seconds")
                .title("Time of one pass");
    }

    private static Chart horizontalBars() {
        return BarChart.over(Stream.of(" Paris", " the", " a", "\n", " located", " République française et unie")
                        .map(TokenText::visible)
                        .toList())
                .bars("probability", 0.61, 0.12, 0.05, 0.031, 0.0123, 0.000045)
                .horizontal()
                .axisTitles("", "probability")
                .title("Next token");
    }

    private static List<String> layers(int count) {
        return IntStream.rangeClosed(0, count)
                .mapToObj(layer -> layer == 0 ? "emb" : Integer.toString(layer))
                .toList();
    }
}
