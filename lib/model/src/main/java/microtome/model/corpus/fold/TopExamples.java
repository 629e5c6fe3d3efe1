package microtome.model.corpus.fold;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import microtome.tensor.Shape;

/**
 * The places with the largest values of every feature, largest first. Which of several places with exactly equal values
 * is kept, where not all have room, depends on the order of batches.
 *
 * @param slots at most so many of every feature
 * @param features one list per feature
 */
public record TopExamples(int slots, List<List<Example>> features) {
    private static final String KIND = "top examples";
    private static final Comparator<Example> LARGEST_FIRST = Comparator.comparingDouble(Example::value)
            .reversed()
            .thenComparingLong(Example::document)
            .thenComparingInt(Example::position);

    /**
     * One place in the corpus.
     *
     * @param value of the feature there
     * @param document its number
     * @param position in the tokens of the document
     */
    public record Example(double value, long document, int position) {}

    public TopExamples {
        if (slots < 1) {
            throw new IllegalArgumentException("%d examples of every feature: need at least 1".formatted(slots));
        }
        features = features.stream()
                .map(examples -> examples.stream().sorted(LARGEST_FIRST).toList())
                .toList();
    }

    /** The best examples of one feature. */
    public List<Example> of(int feature) {
        if (feature < 0 || feature >= features.size()) {
            throw new IllegalArgumentException(
                    "feature %d does not exist; there are 0..%d".formatted(feature, features.size() - 1));
        }
        return features.get(feature);
    }

    /** The best of both sets of rows; as many as the smaller number of slots. */
    public TopExamples and(TopExamples other) {
        if (other.features.size() != features.size()) {
            throw new IllegalArgumentException(
                    "examples: %d features and %d features do not belong together; merge results of one site"
                            .formatted(features.size(), other.features.size()));
        }
        int kept = Math.min(slots, other.slots);
        var joined = new ArrayList<List<Example>>();
        for (int i = 0; i < features.size(); i++) {
            var all = new ArrayList<>(features.get(i));
            all.addAll(other.features.get(i));
            joined.add(all.stream().sorted(LARGEST_FIRST).limit(kept).toList());
        }
        return new TopExamples(kept, joined);
    }

    /** Writes a safetensors file; unused slots have document -1. */
    public void save(Path file) {
        int count = features.size() * slots;
        var values = new double[count];
        var documents = new long[count];
        var positions = new int[count];
        Arrays.fill(documents, -1);
        for (int feature = 0; feature < features.size(); feature++) {
            int at = feature * slots;
            for (Example example : features.get(feature)) {
                values[at] = example.value;
                documents[at] = example.document;
                positions[at++] = example.position;
            }
        }
        Shape shape = Shape.of(features.size(), slots);
        ResultFile.of(KIND)
                .put("values", values, shape)
                .put("documents", documents, shape)
                .put("positions", positions, shape)
                .write(file);
    }

    /** Reads what {@link #save} wrote. */
    public static TopExamples load(Path file) {
        try (var stored = ResultFile.open(file, KIND)) {
            double[] values = stored.doubles("values");
            long[] documents = stored.longs("documents");
            int[] positions = stored.ints("positions");
            int slots = (int) stored.shape("values").extent(1);
            var features = new ArrayList<List<Example>>();
            for (int from = 0; from < values.length; from += slots) {
                var examples = new ArrayList<Example>();
                for (int at = from; at < from + slots && documents[at] >= 0; at++) {
                    examples.add(new Example(values[at], documents[at], positions[at]));
                }
                features.add(examples);
            }
            return new TopExamples(slots, features);
        }
    }

    @Override
    public String toString() {
        return "up to %d examples of each of %,d features".formatted(slots, features.size());
    }
}
