package microtome.probe.geometry.prompts;

import java.util.List;
import java.util.stream.IntStream;
import microtome.probe.data.prompt.PromptSet;

/**
 * The prompts of a comparison, and the class of each.
 *
 * @param texts of the prompts
 * @param labels the class of each; empty for none
 */
record Sample(List<String> texts, List<String> labels) {
    private static final int SHOWN = 20;

    Sample {
        texts = List.copyOf(texts);
        labels = List.copyOf(labels);
    }

    static Sample of(PromptSet prompts) {
        return new Sample(prompts.texts(), prompts.labels());
    }

    int size() {
        return texts.size();
    }

    /** The different labels, in the order in which they first stand. */
    List<String> classes() {
        return labels.stream().distinct().toList();
    }

    /** The prompts of a class. */
    int[] members(String label) {
        return IntStream.range(0, size())
                .filter(prompt -> labels.get(prompt).equals(label))
                .toArray();
    }

    /** For every prompt the number of its class. */
    int[] classNumbers() {
        List<String> classes = classes();
        return labels.stream().mapToInt(classes::indexOf).toArray();
    }

    /** The values of the prompts of a class. */
    double[] of(String label, double[] values) {
        return IntStream.of(members(label))
                .mapToDouble(prompt -> values[prompt])
                .toArray();
    }

    /** How a prompt is called on axes. */
    String name(int prompt) {
        return shortened(texts.get(prompt));
    }

    /** How the prompts are called on axes. */
    List<String> names() {
        return texts.stream().map(Sample::shortened).toList();
    }

    /** The prompts ordered by class, each class in its own order. */
    int[] byClass() {
        return classes().stream()
                .flatMapToInt(label -> IntStream.of(members(label)))
                .toArray();
    }

    /** How a class is called in pictures. */
    static String called(String label) {
        return label.isEmpty() ? "no label" : label;
    }

    /** Why classes cannot be compared, or empty. */
    String reasonAgainstClasses() {
        if (classes().size() < 2) {
            return "all prompts have one label, '%s'; classes are compared where there are at least two"
                    .formatted(called(classes().getFirst()));
        }
        boolean pair = classes().stream().anyMatch(label -> members(label).length > 1);
        return pair ? "" : "every label has one prompt; distances within a class need two of at least one label";
    }

    /** The end of a long text: that is where prompts are read, and where those of one template differ. */
    private static String shortened(String text) {
        String line = text.replace('\n', ' ');
        int length = line.codePointCount(0, line.length());
        return length <= SHOWN ? line : "…" + line.substring(line.offsetByCodePoints(0, length - SHOWN + 1));
    }
}
