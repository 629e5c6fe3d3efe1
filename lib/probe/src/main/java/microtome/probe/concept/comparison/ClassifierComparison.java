package microtome.probe.concept.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.concept.ConfusionMatrix;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.prompt.PromptStates;

/**
 * What linear and other classifiers get right of the same unseen prompts. A label that an RBF machine or a forest reads and a
 * linear probe does not is there, but not as a direction.
 *
 * <pre>{@code
 * ClassifierComparison.of(model.prompts(set).states(), ClassifierOptions.DEFAULT, "6", "12").plot();
 * }</pre>
 */
public final class ClassifierComparison implements ProbeResult<ClassifierComparison.Values> {
    private static final int MOST_BARS = 4;

    private final String task;
    private final List<String> classes;
    private final List<String> layers;
    private final ClassifierOptions options;
    private final int training;
    private final int[] test;
    private final List<ClassifierReading> readings;
    private final Origin origin;

    /**
     * The numbers, {@code [layer][classifier]}; NaN where there are none.
     *
     * @param accuracy share of right classes
     * @param macroF1 mean over classes of the harmonic mean of precision and recall
     * @param auc area under the curve of the second of two classes
     */
    public record Values(double[][] accuracy, double[][] macroF1, double[][] auc) {}

    ClassifierComparison(
            String task,
            List<String> classes,
            List<String> layers,
            ClassifierOptions options,
            int training,
            int[] test,
            List<ClassifierReading> readings,
            Origin origin) {
        this.task = task;
        this.classes = List.copyOf(classes);
        this.layers = List.copyOf(layers);
        this.options = options;
        this.training = training;
        this.test = test.clone();
        this.readings = List.copyOf(readings);
        this.origin = origin;
    }

    /**
     * Trains every classifier on the same part of the prompts and judges it on the other.
     *
     * @param layers names of some layers of the states; all of them if none is named
     * @throws IllegalArgumentException for prompts without two labels, of which each has two prompts; for a class that the split
     *     would leave out; for more prompts than Tribuo can hold, or a layer that is not there
     */
    public static ClassifierComparison of(PromptStates states, ClassifierOptions options, String... layers) {
        return ComparisonWork.run(states, options, List.of(layers));
    }

    /** Accuracies: bars for up to four layers, for more a line along the layers for each classifier. */
    @Override
    public Figure plot() {
        String title = "Who reads '%s'".formatted(task);
        String what = "accuracy on unseen prompts";
        double[][] accuracy = values().accuracy;
        if (layers.size() > MOST_BARS) {
            LineChart chart = LineChart.over(layers);
            for (int which = 0; which < options.classifiers().size(); which++) {
                int column = which;
                Classifier classifier = options.classifiers().get(which);
                double[] line =
                        Arrays.stream(accuracy).mapToDouble(row -> row[column]).toArray();
                chart = classifier == Classifier.MAJORITY
                        ? chart.baseline(classifier.label(), line)
                        : chart.line(classifier.label(), line);
            }
            return chart.axisTitles("layer", what).title(title).figure();
        }
        BarChart chart = BarChart.over(
                options.classifiers().stream().map(Classifier::label).toList());
        for (int layer = 0; layer < layers.size(); layer++) {
            chart = chart.bars("layer " + layers.get(layer), accuracy[layer]);
        }
        return chart.horizontal()
                .axisTitles("classifier", what)
                .title("%s, layer %s".formatted(title, String.join(", ", layers)))
                .figure();
    }

    @Override
    public Table table() {
        Table table = Table.of(
                Column.text("layer"),
                Column.text("classifier"),
                Column.number("accuracy", "%.3f"),
                Column.number("macro F1", "%.3f"),
                Column.number("AUC", "%.3f"));
        var rows = new ArrayList<List<?>>();
        for (ClassifierReading each : readings) {
            rows.add(List.of(
                    each.layer(),
                    each.classifier().label(),
                    cell(each, each.accuracy(), ""),
                    cell(each, each.macroF1(), "a class has no F1"),
                    cell(each, each.auc(), "AUC is of two classes; here are " + classes.size())));
        }
        return table.rows(rows)
                .caption("Who reads '%s' (%s)".formatted(task, String.join(", ", classes)))
                .note("%d prompts to learn from, %d unseen; %s"
                        .formatted(
                                training,
                                IntStream.of(test).sum(),
                                options.scaling().label()));
    }

    private static Cell cell(ClassifierReading reading, double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reading.isMissing() ? reading.reason() : reason) : Cell.of(value);
    }

    @Override
    public Values values() {
        return new Values(
                each(ClassifierReading::accuracy), each(ClassifierReading::macroF1), each(ClassifierReading::auc));
    }

    private double[][] each(ToDoubleFunction<ClassifierReading> number) {
        int across = options.classifiers().size();
        var values = new double[layers.size()][across];
        for (int i = 0; i < readings.size(); i++) {
            values[i / across][i % across] = number.applyAsDouble(readings.get(i));
        }
        return values;
    }

    /** The classifiers, in the order of the values. */
    public List<Classifier> classifiers() {
        return options.classifiers();
    }

    /** The names of the layers, in the order of the values. */
    public List<String> layerNames() {
        return layers;
    }

    /**
     * Tribuo's evaluation of one classifier, class by class.
     *
     * @throws IllegalArgumentException if it was not compared there
     */
    public Table evaluation(String layer, Classifier classifier) {
        ClassifierReading reading = reading(layer, classifier);
        Table table = Table.of(
                Column.text("class"),
                Column.number("n"),
                Column.number("right"),
                Column.number("missed"),
                Column.number("false alarms"),
                Column.number("recall", "%.3f"),
                Column.number("precision", "%.3f"),
                Column.number("F1", "%.3f"));
        for (int each = 0; each < classes.size(); each++) {
            int which = each;
            int right = reading.confusion()[each][each];
            int said = Arrays.stream(reading.confusion())
                    .mapToInt(row -> row[which])
                    .sum();
            table = table.row(
                    classes.get(each),
                    test[each],
                    right,
                    test[each] - right,
                    said - right,
                    cell(reading, reading.recall()[each], "not among the unseen prompts"),
                    cell(reading, reading.precision()[each], "never said"),
                    cell(reading, reading.f1()[each], "never said"));
        }
        return table.caption("%s on '%s' at layer %s".formatted(classifier.label(), task, layer))
                .note("accuracy %.3f, macro F1 %.3f".formatted(reading.accuracy(), reading.macroF1()));
    }

    /**
     * How often one classifier took each class for each.
     *
     * @throws IllegalArgumentException if it was not compared there
     */
    public ConfusionMatrix confusion(String layer, Classifier classifier) {
        int[][] counts = reading(layer, classifier).confusion();
        String where = "%s (%s)".formatted(layer, classifier.label());
        return new ConfusionMatrix(task, where, classes, counts, 1, origin);
    }

    private ClassifierReading reading(String layer, Classifier classifier) {
        ClassifierReading found = readings.stream()
                .filter(each -> each.layer().equals(layer) && each.classifier() == classifier)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no %s at layer '%s'; compared were %s at the layers %s"
                        .formatted(classifier.label(), layer, options.classifiers(), String.join(", ", layers))));
        if (found.isMissing()) {
            throw new IllegalArgumentException("nothing was read there: " + found.reason());
        }
        return found;
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "classifiers, compared",
                        "accuracy: share of unseen prompts whose label is said; macro F1: mean over classes of 2 · precision · recall / (precision + recall); AUC: probability that a prompt of the second of two classes scores higher than one of the first; counted by Tribuo's LabelEvaluator, AUC by us")
                .n((long) training + IntStream.of(test).sum())
                .seed(options.seed())
                .fact("classes", String.join(", ", classes))
                .fact("options", options)
                .fact(
                        "prompts to learn from, unseen",
                        "%d, %d".formatted(training, IntStream.of(test).sum()))
                .note(
                        "settings are the same for all labels and layers and are not tuned; a forest or a kernel may do better with others")
                .note(
                        "LibLinear penalises the bias as it does weights and takes one class against the rest; ours leaves biases free and takes all classes together");
        for (Classifier classifier : options.classifiers()) {
            explanation = explanation.fact(classifier.label(), provenance(classifier));
        }
        for (String reason : reasons()) {
            explanation = explanation.note(reason);
        }
        return origin.on(explanation);
    }

    private String provenance(Classifier classifier) {
        return readings.stream()
                .filter(each -> each.classifier() == classifier && !each.isMissing())
                .findFirst()
                .map(each -> "%s; %s".formatted(each.provenance(), each.data()))
                .orElse("trained nowhere");
    }

    private List<String> reasons() {
        return readings.stream()
                .filter(ClassifierReading::isMissing)
                .map(ClassifierReading::reason)
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        return plainText();
    }
}
