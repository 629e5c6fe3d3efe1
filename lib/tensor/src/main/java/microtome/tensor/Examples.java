package microtome.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The examples that excite every feature most, of rows that come in batches:
 *
 * <pre>{@code
 * var examples = Examples.none(engine, features, 20);
 * for (var activations : batches) {
 *     try (var before = examples) {
 *         examples = before.with(activations);
 *     }
 * }
 * var best = examples.top().get(feature);
 * }</pre>
 *
 * @param state F64 {@code [2, features, slots]}, see {@link Op.UpdateExamples}
 * @param seen rows so far; the next row is the example of this number
 */
public record Examples(Tensor state, long seen) implements AutoCloseable {

    /**
     * Of no rows yet.
     *
     * @param slots how many examples of every feature are kept
     */
    public static Examples none(Engine engine, long features, int slots) {
        var values = new double[Math.toIntExact(Math.multiplyExact(2 * features, (long) slots))];
        Arrays.fill(values, 0, values.length / 2, Double.NEGATIVE_INFINITY);
        Arrays.fill(values, values.length / 2, values.length, -1);
        return new Examples(engine.tensor(values, 2, features, slots), 0);
    }

    /**
     * With more rows. The earlier example stays in front among equals; NaN counts as larger than everything.
     *
     * @param activations {@code [rows, features]} of a floating type
     */
    public Examples with(Tensor activations) {
        var next = state.engine().apply(new Op.UpdateExamples(seen), state, activations);
        return new Examples(next, seen + activations.extent(0));
    }

    /** What is known so far, in plain arrays, one entry per feature. Waits for the device. */
    public List<Top> top() {
        int features = Math.toIntExact(state.extent(1));
        int slots = Math.toIntExact(state.extent(2));
        var all = state.toDoubles();
        var tops = new ArrayList<Top>(features);
        for (int feature = 0; feature < features; feature++) {
            int first = feature * slots;
            int used = 0;
            while (used < slots && all[(features * slots) + first + used] >= 0) {
                used++;
            }
            var activations = Arrays.copyOfRange(all, first, first + used);
            var numbers = Arrays.stream(all, features * slots + first, features * slots + first + used);
            tops.add(new Top(numbers.mapToLong(number -> (long) number).toArray(), activations));
        }
        return List.copyOf(tops);
    }

    /** Frees the state; what {@link #top} gave stays. */
    @Override
    public void close() {
        state.close();
    }

    /** The best examples of one feature and their activations, largest first. */
    public record Top(long[] examples, double[] activations) {}
}
