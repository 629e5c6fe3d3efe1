package microtome.probe.concept.evaluation;

import java.util.List;
import microtome.probe.concept.linear.Samples;
import microtome.probe.data.prompt.PromptSet;

/** The labels of prompts as classes. */
public final class PromptLabels {
    private PromptLabels() {}

    /**
     * Samples of the prompts' classes, in alphabetical order, with vectors of one zero.
     *
     * @throws IllegalArgumentException if a prompt has no label, all have one, or a label has one prompt
     */
    public static Samples of(PromptSet set) {
        List<String> labels = set.labels();
        if (labels.contains("")) {
            throw new IllegalArgumentException(
                    "prompt set '%s': prompt %d has no label; give every prompt the class it belongs to"
                            .formatted(set.name(), labels.indexOf("")));
        }
        Samples samples = Samples.of(new float[labels.size()][1], labels);
        if (samples.names().size() < 2) {
            throw new IllegalArgumentException(
                    "prompt set '%s': all %d prompts have the label '%s'; a concept needs at least two labels"
                            .formatted(set.name(), set.size(), samples.names().getFirst()));
        }
        int[] counts = samples.counts();
        for (int each = 0; each < counts.length; each++) {
            if (counts[each] < 2) {
                throw new IllegalArgumentException(
                        "prompt set '%s': one prompt with the label '%s'; a probe needs one to learn from and one to be judged by, so give at least two of each of %s"
                                .formatted(set.name(), samples.names().get(each), samples.names()));
            }
        }
        return samples;
    }
}
