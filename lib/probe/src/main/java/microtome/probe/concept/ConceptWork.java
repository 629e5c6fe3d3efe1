package microtome.probe.concept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.concept.evaluation.OnlineCode;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.LogisticFit;
import microtome.probe.concept.linear.LogisticRegression;
import microtome.probe.concept.linear.MassMean;
import microtome.probe.concept.linear.Products;
import microtome.probe.concept.linear.Samples;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.PromptStates;
import microtome.tensor.WaitInterruptedException;

/** Fits the probes of all layers, one layer after the other. */
final class ConceptWork {
    private final PromptStates states;
    private final ConceptOptions options;
    private final ConceptTask task;
    private final Products products;

    private ConceptWork(PromptStates states, ConceptOptions options, Products products) {
        this.states = states;
        this.options = options;
        this.products = products;
        this.task = ConceptTask.of(states.prompts(), options);
    }

    static ConceptDepth run(PromptStates states, ConceptOptions options, Products products) {
        var work = new ConceptWork(states, options, products);
        Origin origin = states.origin();
        for (String remark : work.task.remarks(states.width())) {
            origin = origin.remark(remark);
        }
        return new ConceptDepth(
                states.prompts().name(), work.task.names(), Judging.of(work.task, options), work.layers(), origin);
    }

    private List<LayerReading> layers() {
        var readings = new ArrayList<LayerReading>();
        try (var progress = Progress.of(
                "concept depth of '%s'".formatted(states.prompts().name()),
                states.layers().size())) {
            for (int layer = 0; layer < states.layers().size(); layer++) {
                readings.add(layer(layer));
                progress.step();
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            for (int layer = readings.size(); layer < states.layers().size(); layer++) {
                readings.add(LayerReading.missing(states.layers().get(layer), "stopped before this layer was done"));
            }
        }
        return readings;
    }

    private LayerReading layer(int layer) {
        String name = states.layers().get(layer);
        Samples samples;
        try {
            samples = task.samples(states.states()[layer]);
        } catch (IllegalArgumentException broken) {
            return LayerReading.missing(name, "layer %s: %s".formatted(name, broken.getMessage()));
        }
        return isConstant(samples)
                ? LayerReading.missing(name, "layer %s: all prompts have the same vector".formatted(name))
                : read(name, samples);
    }

    private static boolean isConstant(Samples samples) {
        return Arrays.stream(samples.rows()).allMatch(row -> Arrays.equals(row, samples.rows()[0]));
    }

    private LayerReading read(String name, Samples samples) {
        int seeds = options.seeds().size();
        var evaluations = new ArrayList<Evaluation>();
        var control = new double[seeds];
        var massMean = new double[seeds];
        LinearProbe first = null;
        int unconverged = 0;
        for (int seed = 0; seed < seeds; seed++) {
            Split.Parts parts = task.parts().get(seed);
            LogisticFit fit = fit(samples.at(parts.training()));
            Samples test = samples.at(parts.test());
            first = seed == 0 ? fit.probe() : first;
            unconverged += fit.converged() ? 0 : 1;
            evaluations.add(Evaluation.of(fit.probe(), test));
            massMean[seed] = Evaluation.of(MassMean.plain(samples.at(parts.training())), test)
                    .accuracy();
            control[seed] = control(task.control(samples, seed), parts);
        }
        Samples unseen = samples.at(task.parts().getFirst().test());
        LinearProbe probe = first;
        double[][] scores = Arrays.stream(unseen.rows()).map(probe::scores).toArray(double[][]::new);
        double bits = bits(samples);
        double controlBits = bits(task.control(samples, 0));
        return new LayerReading(
                name, evaluations, control, massMean, bits, controlBits, probe, scores, unconverged, "");
    }

    private LogisticFit fit(Samples training) {
        return LogisticRegression.fit(training, options.probe(), products);
    }

    private double control(Samples control, Split.Parts parts) {
        if (control == null) {
            return Double.NaN;
        }
        LinearProbe probe = fit(control.at(parts.training())).probe();
        return Evaluation.of(probe, control.at(parts.test())).accuracy();
    }

    private double bits(Samples samples) {
        if (samples == null || !options.code()) {
            return Double.NaN;
        }
        var random = new SplittableRandom(options.seeds().getFirst());
        var order = new ArrayList<>(IntStream.range(0, samples.size()).boxed().toList());
        int[] shuffled = Split.shuffled(order, random).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return OnlineCode.of(samples.at(shuffled), options.probe()).total();
    }
}
