package microtome.probe.concept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.probe.concept.evaluation.ControlTask;
import microtome.probe.concept.evaluation.PromptLabels;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.Samples;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;

/**
 * The question that is asked at every layer, with everything that does not depend on the layer: classes, and for each seed a
 * split and a control task.
 */
record ConceptTask(List<String> names, int[] classes, List<Split.Parts> parts, List<int[]> controls, String unit) {
    private static final int FEW = 10;

    /**
     * Makes splits and control tasks.
     *
     * @throws IllegalArgumentException for one label, a class of one prompt, or a class that a split would leave out
     */
    static ConceptTask of(PromptSet set, ConceptOptions options) {
        Samples samples = PromptLabels.of(set);
        List<String> groups = set.prompts().stream().map(Prompt::group).toList();
        Unit unit = Unit.of(set);
        var parts = new ArrayList<Split.Parts>();
        var controls = new ArrayList<int[]>();
        for (long seed : options.seeds()) {
            Split.Parts split = options.split().parts(samples, groups, options.trainingShare(), seed);
            parts.add(split);
            Samples control = options.control() ? ControlTask.of(samples, unit.of, split, seed) : null;
            controls.add(control == null ? null : control.classes());
        }
        return new ConceptTask(samples.names(), samples.classes(), parts, controls, unit.name);
    }

    /** What gets one class of a control task together. */
    private record Unit(String name, List<String> of) {
        static Unit of(PromptSet set) {
            List<Prompt> prompts = set.prompts();
            if (prompts.stream().noneMatch(prompt -> prompt.word().isEmpty())) {
                return new Unit("word", prompts.stream().map(Prompt::word).toList());
            }
            if (prompts.stream().noneMatch(prompt -> prompt.group().isEmpty())) {
                return new Unit("group", prompts.stream().map(Prompt::group).toList());
            }
            return new Unit("prompt", prompts.stream().map(_ -> "").toList());
        }
    }

    /** The states of one layer with the classes of this task. */
    Samples samples(float[][] rows) {
        return new Samples(rows, classes, names);
    }

    /** The same states with the classes of a seed's control task; null if there is none. */
    Samples control(Samples samples, int seed) {
        int[] drawn = controls.get(seed);
        return drawn == null ? null : samples.with(drawn, names);
    }

    int n() {
        return classes.length;
    }

    /** How often the class that is most frequent in training is right in the test, on average over seeds. */
    double majority() {
        return parts.stream().mapToDouble(this::majority).average().orElse(Double.NaN);
    }

    private double majority(Split.Parts split) {
        int[] known = counts(split.training());
        int most = IntStream.range(0, known.length).reduce(0, (best, each) -> known[each] > known[best] ? each : best);
        return (double) counts(split.test())[most] / split.test().length;
    }

    private int[] counts(int[] places) {
        var counts = new int[names.size()];
        Arrays.stream(places).forEach(place -> counts[classes[place]]++);
        return counts;
    }

    int testSize() {
        return (int) Math.round(
                parts.stream().mapToInt(split -> split.test().length).average().orElse(0));
    }

    /** What a reader should be wary of, for states of so many elements. */
    List<String> remarks(int width) {
        var remarks = new ArrayList<String>();
        int[] counts = counts(IntStream.range(0, n()).toArray());
        for (int each = 0; each < counts.length; each++) {
            if (counts[each] < FEW) {
                remarks.add("only %d prompts of the class '%s'; with fewer than %d the accuracy is mostly luck"
                        .formatted(counts[each], names.get(each), FEW));
            }
        }
        int training = parts.getFirst().training().length;
        if (width >= training) {
            remarks.add(
                    "%d features, %d training prompts: every labelling of the training part can be learned, so only unseen prompts count"
                            .formatted(width, training));
        }
        long without = controls.stream().filter(each -> each == null).count();
        if (without > 0 && without < controls.size()) {
            remarks.add("%d of %d seeds have no control task, as no draw had every class in both parts"
                    .formatted(without, controls.size()));
        }
        return remarks;
    }
}
