package microtome.probe.concept.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.probe.concept.evaluation.PromptLabels;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.Samples;
import microtome.probe.concept.tribuo.Examples;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptStates;
import microtome.tensor.WaitInterruptedException;

/** Trains the classifiers of all layers, one after the other; an interrupt is heard between two of them. */
final class ComparisonWork {
    private final PromptStates states;
    private final ClassifierOptions options;
    private final Samples labels;
    private final Split.Parts parts;

    private ComparisonWork(PromptStates states, ClassifierOptions options) {
        this.states = states;
        this.options = options;
        this.labels = PromptLabels.of(states.prompts());
        Examples.require(labels.size(), states.width());
        List<String> groups =
                states.prompts().prompts().stream().map(Prompt::group).toList();
        this.parts = options.split().parts(labels, groups, options.trainingShare(), options.seed());
    }

    static ClassifierComparison run(PromptStates states, ClassifierOptions options, List<String> layers) {
        for (String layer : layers) {
            if (!states.layers().contains(layer)) {
                throw new IllegalArgumentException(
                        "no layer '%s'; there are %s".formatted(layer, String.join(", ", states.layers())));
            }
        }
        List<String> asked = layers.isEmpty() ? states.layers() : List.copyOf(layers);
        var work = new ComparisonWork(states, options);
        return new ClassifierComparison(
                states.prompts().name(),
                work.labels.names(),
                asked,
                options,
                work.parts.training().length,
                work.labels.at(work.parts.test()).counts(),
                work.readings(asked),
                states.origin());
    }

    private List<ClassifierReading> readings(List<String> layers) {
        var readings = new ArrayList<ClassifierReading>();
        int all = layers.size() * options.classifiers().size();
        try (var progress =
                Progress.of("classifiers of '%s'".formatted(states.prompts().name()), all)) {
            for (String layer : layers) {
                read(layer, readings, progress);
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            for (int next = readings.size(); next < all; next++) {
                readings.add(ClassifierReading.missing(
                        layers.get(next / options.classifiers().size()),
                        options.classifiers().get(next % options.classifiers().size()),
                        "stopped before this classifier was done"));
            }
        }
        return readings;
    }

    private void read(String layer, List<ClassifierReading> readings, Progress progress) {
        String broken = "";
        Bench bench = null;
        try {
            bench = bench(layer);
        } catch (IllegalArgumentException unfit) {
            broken = "layer %s: %s".formatted(layer, unfit.getMessage());
        }
        for (Classifier classifier : options.classifiers()) {
            readings.add(bench == null ? ClassifierReading.missing(layer, classifier, broken) : bench.read(classifier));
            progress.step();
        }
    }

    private Bench bench(String layer) {
        float[][] rows = states.states()[states.layers().indexOf(layer)];
        Samples whole = new Samples(rows, labels.classes(), labels.names()); // refuses what is not finite
        if (Arrays.stream(rows).allMatch(row -> Arrays.equals(row, rows[0]))) {
            throw new IllegalArgumentException("all prompts have the same vector");
        }
        float[][] known = whole.at(parts.training()).rows();
        var scaled = new Samples(options.scaling().apply(rows, known), labels.classes(), labels.names());
        return new Bench(layer, options, scaled.at(parts.training()), scaled.at(parts.test()));
    }
}
