package microtome.probe.lens;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.probe.data.prompt.PromptStates;

/** The vote of the nearest neighbours of every prompt in every layer, the prompt itself left out. */
final class NeighbourVote {
    private final PromptStates states;
    private final List<String> classes;
    private final int[] labels;
    private final int neighbours;

    NeighbourVote(PromptStates states) {
        this.states = states;
        this.classes = states.prompts().classes();
        this.labels =
                states.prompts().labels().stream().mapToInt(classes::indexOf).toArray();
        if (classes.size() < 2) {
            throw new IllegalArgumentException(
                    "prompt set '%s' has one class, '%s': neighbours can only vote for it; give prompts with at least two labels"
                            .formatted(states.prompts().name(), classes.getFirst()));
        }
        int smallest = Integer.MAX_VALUE;
        for (int label = 0; label < classes.size(); label++) {
            int own = label;
            int size = (int) IntStream.of(labels).filter(other -> other == own).count();
            if (size < 2) {
                throw new IllegalArgumentException(
                        "class '%s' has one prompt, which no neighbour of its class can vote for; give at least two"
                                .formatted(classes.get(label)));
            }
            smallest = Math.min(smallest, size);
        }
        this.neighbours = Math.min(NeighbourDepth.NEIGHBOURS, smallest - 1);
    }

    NeighbourDepth result(List<String> predicted) {
        int[][] votes = votes();
        int[] predictions = predicted.isEmpty()
                ? votes[votes.length - 1].clone()
                : predicted.stream().mapToInt(this::index).toArray();
        return new NeighbourDepth(
                states.layers(),
                states.prompts().texts(),
                classes,
                labels,
                predictions,
                votes,
                neighbours,
                !predicted.isEmpty(),
                states.origin());
    }

    private int index(String label) {
        int index = classes.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("prediction '%s' is no class of prompt set '%s'; classes are %s"
                    .formatted(label, states.prompts().name(), classes));
        }
        return index;
    }

    private int[][] votes() {
        var votes = new int[states.layers().size()][labels.length];
        try (var progress = Progress.of("neighbours", votes.length)) {
            for (int layer = 0; layer < votes.length; layer++) {
                float[][] rows = states.states()[layer];
                for (int prompt = 0; prompt < labels.length; prompt++) {
                    votes[layer][prompt] = vote(rows, prompt);
                }
                progress.step();
            }
        }
        return votes;
    }

    private int vote(float[][] rows, int prompt) {
        double[] distances = IntStream.range(0, rows.length)
                .mapToDouble(other -> squaredDistance(rows[prompt], rows[other]))
                .toArray();
        var nearest = new ArrayList<>(IntStream.range(0, rows.length)
                .filter(other -> other != prompt)
                .boxed()
                .sorted(Comparator.comparingDouble(other -> distances[other]))
                .limit(neighbours)
                .toList());
        var counts = new int[classes.size()];
        nearest.forEach(other -> counts[labels[other]]++);
        int most = IntStream.of(counts).max().orElseThrow();
        return nearest.stream()
                .mapToInt(other -> labels[other])
                .filter(label -> counts[label] == most)
                .findFirst()
                .orElseThrow();
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double way = (double) a[i] - b[i];
            sum += way * way;
        }
        return sum;
    }
}
