package microtome.probe.concept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.concept.evaluation.Band;
import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.Products;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptStates;

/**
 * At which layer the labels of prompts can be read linearly: one logistic probe per layer and seed, judged on prompts that it has
 * not seen, beside a control task, mass-mean and the majority class.
 *
 * @see <a href="https://arxiv.org/abs/2404.07066">Jin et al. 2024</a>
 */
public final class ConceptDepth implements ProbeResult<ConceptDepth.Values> {
    private final String task;
    private final List<String> classes;
    private final Judging judging;
    private final List<LayerReading> layers;
    private final Origin origin;

    /**
     * The numbers, one for each layer; NaN where there are none.
     *
     * @param accuracy on unseen prompts, mean over seeds
     * @param low lower end of its 95 % interval
     * @param high upper end
     * @param auc area under the curve
     * @param f1 of the second of two classes, else mean over classes
     * @param logLoss in nats
     * @param control accuracy at the control task
     * @param massMean accuracy of the mass-mean probe
     * @param bits of the online code
     * @param majority accuracy of the most frequent class
     */
    public record Values(
            double[] accuracy,
            double[] low,
            double[] high,
            double[] auc,
            double[] f1,
            double[] logLoss,
            double[] control,
            double[] massMean,
            double[] bits,
            double majority) {
        /** {@code accuracy - control}. */
        public double[] selectivity() {
            return IntStream.range(0, accuracy.length)
                    .mapToDouble(layer -> accuracy[layer] - control[layer])
                    .toArray();
        }
    }

    ConceptDepth(String task, List<String> classes, Judging judging, List<LayerReading> layers, Origin origin) {
        this.task = task;
        this.classes = List.copyOf(classes);
        this.judging = judging;
        this.layers = List.copyOf(layers);
        this.origin = origin;
    }

    /**
     * Probes the states of prompts, layer by layer.
     *
     * @throws IllegalArgumentException for prompts without two labels, of which each has two prompts, or for a class that a split
     *     would leave out
     */
    public static ConceptDepth of(PromptStates states, ConceptOptions options) {
        return of(states, options, Products.HERE);
    }

    /** Probes the states of prompts, with large products computed elsewhere; see {@link #of(PromptStates, ConceptOptions)}. */
    public static ConceptDepth of(PromptStates states, ConceptOptions options, Products products) {
        return ConceptWork.run(states, options, products);
    }

    /** Accuracy along the layers, with the jump and the converging point marked. */
    @Override
    public Figure plot() {
        Values values = values();
        DepthIndices indices = indices();
        LineChart chart = LineChart.over(layerNames())
                .line("logistic probe", values.accuracy, values.low, values.high)
                .line("mass-mean", values.massMean);
        if (judging.hasControl()) {
            chart = chart.line("control task, by " + judging.unit(), values.control);
        }
        chart = marked(chart, "jump", indices.jump(), values.accuracy);
        chart = marked(chart, "converging", indices.converging(), values.accuracy);
        var majority = new double[layers.size()];
        Arrays.fill(majority, judging.majority());
        return chart.baseline("majority", majority)
                .axisTitles("layer", "accuracy on unseen prompts")
                .title("Concept depth of '%s': %s".formatted(task, indices.marked()))
                .figure();
    }

    private LineChart marked(LineChart chart, String name, int index, double[] values) {
        if (index == DepthIndices.NONE) {
            return chart;
        }
        var only = new double[values.length];
        Arrays.fill(only, Double.NaN);
        only[index - first()] = values[index - first()];
        return chart.line("%s point %s".formatted(name, Depths.label(index)), only);
    }

    @Override
    public Table table() {
        Table table = Table.of(
                Column.text("layer"),
                Column.number("accuracy", "%.3f"),
                Column.number("low", "%.3f"),
                Column.number("high", "%.3f"),
                Column.number("AUC", "%.3f"),
                Column.number("F1", "%.3f"),
                Column.number("selectivity", "%.3f"),
                Column.number("bits", "%.1f"),
                Column.number("control bits", "%.1f"),
                Column.number("mass-mean", "%.3f"),
                Column.number("log loss", "%.3f"));
        var rows = new ArrayList<List<?>>();
        for (LayerReading layer : layers) {
            Band band = band(layer);
            rows.add(List.of(
                    layer.layer(),
                    cell(layer, layer.accuracy(), ""),
                    cell(layer, band.low(), ""),
                    cell(layer, band.high(), ""),
                    cell(layer, layer.mean(Evaluation::auc), "a class is missing in a test part"),
                    cell(layer, layer.mean(Evaluation::f1), "a class is neither there nor predicted"),
                    cell(layer, layer.selectivity(), noControl()),
                    cell(layer, layer.bits(), "not asked for"),
                    cell(layer, layer.controlBits(), judging.hasCode() ? noControl() : "not asked for"),
                    cell(layer, layer.massMeanAccuracy(), ""),
                    cell(layer, layer.mean(Evaluation::logLoss), "")));
        }
        return table.rows(rows)
                .caption("Concept depth of '%s' (%s)".formatted(task, String.join(", ", classes)))
                .note("majority %.3f; %s"
                        .formatted(judging.majority(), indices().words()));
    }

    private String noControl() {
        return judging.hasControl()
                ? "no draw of the control task has every class in training and test; give more groups"
                : "not asked for";
    }

    private static Cell cell(LayerReading layer, double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(layer.isMissing() ? layer.reason() : reason) : Cell.of(value);
    }

    private Band band(LayerReading layer) {
        return layer.isMissing() ? new Band(Double.NaN, Double.NaN) : Band.wilson(layer.accuracy(), judging.testSize());
    }

    @Override
    public Values values() {
        return new Values(
                each(LayerReading::accuracy),
                each(layer -> band(layer).low()),
                each(layer -> band(layer).high()),
                each(layer -> layer.mean(Evaluation::auc)),
                each(layer -> layer.mean(Evaluation::f1)),
                each(layer -> layer.mean(Evaluation::logLoss)),
                each(LayerReading::controlAccuracy),
                each(LayerReading::massMeanAccuracy),
                each(LayerReading::bits),
                judging.majority());
    }

    private double[] each(ToDoubleFunction<LayerReading> number) {
        return layers.stream().mapToDouble(number).toArray();
    }

    /** Jump, converging points, half depth and peak. */
    public DepthIndices indices() {
        return DepthIndices.of(each(LayerReading::accuracy), first(), judging.majority());
    }

    /** The names of the layers, in order. */
    public List<String> layerNames() {
        return layers.stream().map(LayerReading::layer).toList();
    }

    /** The name of the layer with the best accuracy, the first of several. */
    public String best() {
        int peak = indices().peak();
        if (peak == DepthIndices.NONE) {
            throw new IllegalStateException(
                    "no layer was probed: " + layers.getFirst().reason());
        }
        return layers.get(peak - first()).layer();
    }

    /** How often each class was taken for each, at a layer, over all seeds. */
    public ConfusionMatrix confusion(String layer) {
        LayerReading reading = reading(layer);
        var counts = new int[classes.size()][classes.size()];
        for (Evaluation evaluation : reading.evaluations()) {
            for (int actual = 0; actual < counts.length; actual++) {
                for (int predicted = 0; predicted < counts.length; predicted++) {
                    counts[actual][predicted] += evaluation.confusion()[actual][predicted];
                }
            }
        }
        return new ConfusionMatrix(task, layer, classes, counts, judging.seeds(), origin);
    }

    /** How often each class was taken for each, at the best layer. */
    public ConfusionMatrix confusion() {
        return confusion(best());
    }

    /** Where the unseen prompts of the first seed lie along the probe's direction, at a layer. */
    public ConceptProjections projections(String layer) {
        LayerReading reading = reading(layer);
        return new ConceptProjections(task, layer, classes, judging.test(), reading.scores(), origin);
    }

    /** Where the unseen prompts of the first seed lie along the probe's direction, at the best layer. */
    public ConceptProjections projections() {
        return projections(best());
    }

    /** The first seed's probe at a layer, for raw activations. */
    public LinearProbe probe(String layer) {
        return reading(layer).probe();
    }

    /** The direction of the second of two classes at a layer: the weights of the first seed's probe, for raw activations. */
    public float[] direction(String layer) {
        return direction(layer, classes.getLast());
    }

    /** The direction of a class at a layer: the weights of the first seed's probe, for raw activations. */
    public float[] direction(String layer, String ofClass) {
        return probe(layer).direction(ofClass);
    }

    private LayerReading reading(String name) {
        LayerReading found = layers.stream()
                .filter(layer -> layer.layer().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no layer '%s'; there are %s".formatted(name, String.join(", ", layerNames()))));
        if (found.isMissing()) {
            throw new IllegalArgumentException("nothing was read there: " + found.reason());
        }
        return found;
    }

    private int first() {
        return layers.getFirst().layer().equals(Depths.EMBEDDING) ? 0 : 1;
    }

    String task() {
        return task;
    }

    Origin origin() {
        return origin;
    }

    String options() {
        return judging.options();
    }

    @Override
    public Explanation explain() {
        DepthIndices indices = indices();
        int unconverged = layers.stream().mapToInt(LayerReading::unconverged).sum();
        var counts = IntStream.range(0, classes.size())
                .mapToObj(each -> "%s %d".formatted(classes.get(each), judging.counts()[each]))
                .toList();
        Explanation explanation = Explanation.of(
                        "concept depth",
                        "share of unseen prompts whose label a logistic probe (½|w|² + C Σ log loss, biases free) gets right, at every layer; selectivity = accuracy - accuracy at the control task; band: Wilson's 95 % interval of one test part")
                .n(judging.n())
                .fact("classes", String.join(", ", counts))
                .fact("options", judging.options())
                .fact("unseen prompts per seed", judging.testSize())
                .fact("majority", judging.majority())
                .fact("jump point, first b >= 1.1", indices.share(indices.jump()))
                .fact("converging point, |b - 1| < 0.03 from there on", indices.share(indices.converging()))
                .fact(
                        "converging point as the paper writes it, last |b - 1| < 0.03",
                        indices.share(indices.convergingAsWritten()))
                .fact("half of the way from majority to the best", indices.share(indices.depth50()))
                .fact("best layer", indices.share(indices.peak()))
                .paper("https://arxiv.org/abs/2404.07066")
                .note("b is the accuracy of a layer over that of the one before");
        if (judging.hasControl()) {
            explanation = explanation.note(
                    "control task: one class by chance for every %s (Hewitt and Liang 2019)".formatted(judging.unit()));
        }
        if (unconverged > 0) {
            explanation = explanation.note("%d fits did not converge".formatted(unconverged));
        }
        for (LayerReading layer : layers) {
            explanation = layer.isMissing() ? explanation.note(layer.reason()) : explanation;
        }
        return origin.on(explanation);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
