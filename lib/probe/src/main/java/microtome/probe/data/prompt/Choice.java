package microtome.probe.data.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.model.format.Nearest;

/** Chooses prompts out of a set. */
final class Choice {
    private Choice() {}

    static PromptSet labels(PromptSet set, List<String> labels) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("prompt set '%s': no label to select; its labels are %s"
                    .formatted(set.name(), String.join(", ", set.classes())));
        }
        for (String label : labels) {
            if (!set.classes().contains(label)) {
                throw new IllegalArgumentException("prompt set '%s' has no label '%s'; %s"
                        .formatted(set.name(), label, Nearest.clause(label, set.classes())));
            }
        }
        int[] chosen = IntStream.range(0, set.size())
                .filter(prompt -> labels.contains(set.prompts().get(prompt).label()))
                .toArray();
        return set.at(chosen).named("%s (%s)".formatted(set.name(), String.join(", ", labels)));
    }

    static PromptSet sample(PromptSet set, int perClass, long seed) {
        if (perClass < 1) {
            throw new IllegalArgumentException(
                    "prompt set '%s': %d prompts per class; need at least 1".formatted(set.name(), perClass));
        }
        int[] order = shuffled(set.size(), seed);
        int[] chosen = set.classes().stream()
                .flatMapToInt(label -> Arrays.stream(ofClass(set, label, order, perClass)))
                .sorted()
                .toArray();
        return set.at(chosen).named("%s (%d per class, seed %d)".formatted(set.name(), perClass, seed));
    }

    private static int[] ofClass(PromptSet set, String label, int[] order, int count) {
        int[] own = Arrays.stream(order)
                .filter(prompt -> set.prompts().get(prompt).label().equals(label))
                .toArray();
        if (own.length < count) {
            throw new IllegalArgumentException(
                    "prompt set '%s': class '%s' has %d prompts, %d were asked for; sample at most %d per class, or select other classes first"
                            .formatted(set.name(), label, own.length, count, own.length));
        }
        return Arrays.copyOf(own, count);
    }

    /** The numbers from 0 to {@code count - 1} in an order drawn from a seed. */
    static int[] shuffled(int count, long seed) {
        var random = new SplittableRandom(seed);
        int[] order = IntStream.range(0, count).toArray();
        for (int last = count - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            int kept = order[last];
            order[last] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
