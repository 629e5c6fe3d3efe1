package microtome.probe.concept.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import libsvm.svm;
import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.LogisticFit;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.LogisticRegression;
import microtome.probe.concept.linear.Samples;
import microtome.probe.concept.tribuo.Examples;
import microtome.probe.concept.tribuo.ShortProvenance;
import org.tribuo.Dataset;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.baseline.DummyClassifierTrainer;
import org.tribuo.classification.evaluation.LabelEvaluation;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.libsvm.LibSVMClassificationModel;
import org.tribuo.common.libsvm.LibSVMTrainer;

/** The vectors of one layer, parted, on which one classifier after the other is trained and judged. */
final class Bench {
    private final String layer;
    private final ClassifierOptions options;
    private final Samples training;
    private final Samples test;
    private final Examples examples;
    private final Dataset<Label> known;
    private final Dataset<Label> unseen;

    Bench(String layer, ClassifierOptions options, Samples training, Samples test) {
        this.layer = layer;
        this.options = options;
        this.training = training;
        this.test = test;
        this.examples = new Examples(training.width());
        this.known = dataset(training);
        this.unseen = dataset(test);
        svm.svm_set_print_string_function(_ -> {});
    }

    private Dataset<Label> dataset(Samples samples) {
        List<Label> labels = IntStream.of(samples.classes())
                .mapToObj(each -> new Label(samples.names().get(each)))
                .toList();
        return examples.dataset(samples.rows(), labels, new LabelFactory(), "layer " + layer);
    }

    ClassifierReading read(Classifier classifier) {
        return classifier == Classifier.LOGISTIC ? ours() : theirs(classifier);
    }

    private ClassifierReading theirs(Classifier classifier) {
        Model<Label> model =
                TribuoTrainers.of(classifier, options, training.width()).train(known);
        List<Prediction<Label>> predictions = model.predict(unseen);
        double[] scores = model instanceof LibSVMClassificationModel machine ? decisions(machine) : scores(predictions);
        return reading(
                classifier,
                evaluation(model, predictions),
                auc(scores),
                ShortProvenance.trainer(model.getProvenance()),
                ShortProvenance.data(model.getProvenance()));
    }

    private ClassifierReading ours() {
        LogisticOptions objective = LogisticOptions.RAW.strength(options.cost());
        LogisticFit fit = LogisticRegression.fit(training, objective);
        var predictions = new ArrayList<Prediction<Label>>();
        for (int row = 0; row < test.size(); row++) {
            predictions.add(prediction(fit.probe(), test.rows()[row], unseen.getExample(row)));
        }
        // The evaluator asks a model for nothing but the classes that there are.
        Model<Label> classes =
                DummyClassifierTrainer.createMostFrequentTrainer().train(known);
        return reading(
                Classifier.LOGISTIC,
                evaluation(classes, predictions),
                auc(scores(predictions)),
                "microtome: ½|w|² + %s · Σ log loss, bias free; %s".formatted(options.cost(), fit.remark()),
                ShortProvenance.data(classes.getProvenance()));
    }

    private Prediction<Label> prediction(LinearProbe probe, float[] row, Example<Label> example) {
        double[] logProbabilities = probe.logProbabilities(row);
        Map<String, Label> scores = new LinkedHashMap<>();
        for (int each = 0; each < logProbabilities.length; each++) {
            String name = test.names().get(each);
            scores.put(name, new Label(name, Math.exp(logProbabilities[each])));
        }
        Label best = scores.get(test.names().get(probe.predict(row)));
        return new Prediction<>(best, scores, row.length, example, true);
    }

    private LabelEvaluation evaluation(Model<Label> model, List<Prediction<Label>> predictions) {
        return new LabelEvaluator().evaluate(model, predictions, unseen.getProvenance());
    }

    /** How much more the second class is spoken for than the first; the majority speaks for one class only. */
    private double[] scores(List<Prediction<Label>> predictions) {
        return predictions.stream()
                .mapToDouble(each -> score(each, test.names().getLast())
                        - score(each, test.names().getFirst()))
                .toArray();
    }

    private static double score(Prediction<Label> prediction, String name) {
        Label label = prediction.getOutputScores().get(name);
        return label == null ? 0 : label.getScore();
    }

    /** Tribuo makes votes of them, which would leave two different scores; so LibSVM is asked itself. */
    private double[] decisions(LibSVMClassificationModel machine) {
        var inner = machine.getInnerModels().getFirst();
        String positive = machine.getOutputIDInfo().getOutput(inner.label[0]).getLabel();
        int sign = positive.equals(test.names().getLast()) ? 1 : -1;
        var scores = new double[unseen.size()];
        var pairs = new double[inner.nr_class * (inner.nr_class - 1) / 2];
        for (int row = 0; row < scores.length; row++) {
            svm.svm_predict_values(
                    inner,
                    LibSVMTrainer.exampleToNodes(unseen.getExample(row), machine.getFeatureIDMap(), null),
                    pairs);
            scores[row] = sign * pairs[0];
        }
        return scores;
    }

    private double auc(double[] scores) {
        if (test.names().size() != 2) {
            return Double.NaN;
        }
        var isPositive = new boolean[test.size()];
        for (int row = 0; row < isPositive.length; row++) {
            isPositive[row] = test.classes()[row] == 1;
        }
        return Evaluation.auc(scores, isPositive);
    }

    private ClassifierReading reading(
            Classifier classifier, LabelEvaluation evaluation, double auc, String provenance, String data) {
        List<Label> labels = test.names().stream().map(Label::new).toList();
        var confusion = new int[labels.size()][labels.size()];
        for (int actual = 0; actual < confusion.length; actual++) {
            for (int said = 0; said < confusion.length; said++) {
                confusion[actual][said] = (int) evaluation.confusion(labels.get(said), labels.get(actual));
            }
        }
        return new ClassifierReading(
                layer,
                classifier,
                "",
                evaluation.accuracy(),
                evaluation.macroAveragedF1(),
                auc,
                confusion,
                labels.stream().mapToDouble(each -> precision(evaluation, each)).toArray(),
                labels.stream().mapToDouble(evaluation::recall).toArray(),
                labels.stream().mapToDouble(evaluation::f1).toArray(),
                provenance,
                data);
    }

    /** Tribuo says 0 for a class that is never said, which is not known to be wrong. */
    private static double precision(LabelEvaluation evaluation, Label label) {
        boolean isSaid = evaluation.tp(label) + evaluation.fp(label) > 0;
        return isSaid ? evaluation.precision(label) : Double.NaN;
    }
}
