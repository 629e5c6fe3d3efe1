package microtome.tensor.reference;

import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.TensorView;

/** Attention and the rotation of its queries and keys. */
final class Attentions {
    private Attentions() {}

    static double[] rotary(List<TensorView> inputs, int heads) {
        var values = Values.read(inputs.getFirst());
        var cosine = Values.read(inputs.get(1));
        var sine = Values.read(inputs.get(2));
        var shape = inputs.getFirst().shape();
        int positions = Math.toIntExact(shape.extent(1));
        int width = Math.toIntExact(shape.extent(2));
        int half = width / heads / 2;
        for (int first = 0, row = 0; first < values.length; first += 2 * half, row++) {
            int angles = row / heads % positions * half;
            for (int j = 0; j < half; j++) {
                double x = values[first + j];
                double y = values[first + half + j];
                values[first + j] = x * cosine[angles + j] - y * sine[angles + j];
                values[first + half + j] = y * cosine[angles + j] + x * sine[angles + j];
            }
        }
        return values;
    }

    /** The values weighted by the pattern. */
    static double[] attention(Op.Attention op, List<TensorView> inputs) {
        var parts = new Op.AttentionPattern(op.heads(), op.keyValueHeads(), op.scale(), op.causal());
        int sequences = Math.toIntExact(inputs.getFirst().shape().extent(0));
        int queries = Math.toIntExact(inputs.getFirst().shape().extent(1));
        var pattern = pattern(parts, inputs);
        return mix(new Extents(sequences, queries, op.heads(), op.keyValueHeads()), pattern, inputs.get(2));
    }

    /** For every sequence, head and query: scores of the visible keys, their softmax, zeros for the rest. */
    static double[] pattern(Op.AttentionPattern op, List<TensorView> inputs) {
        var query = Values.read(inputs.getFirst());
        var key = Values.read(inputs.get(1));
        var shape = inputs.getFirst().shape();
        int queries = Math.toIntExact(shape.extent(1));
        int keys = Math.toIntExact(inputs.get(1).shape().extent(1));
        int width = Math.toIntExact(shape.extent(2)) / op.heads();
        int rows = Math.toIntExact(shape.extent(0)) * op.heads() * queries;
        var result = new double[Math.multiplyExact(rows, keys)];
        for (int row = 0; row < rows; row++) { // rows are [sequence, head, query]
            int position = row % queries;
            int head = row / queries % op.heads();
            int sequence = row / queries / op.heads();
            int shared = head / (op.heads() / op.keyValueHeads());
            int from = ((sequence * queries + position) * op.heads() + head) * width;
            var weights = new double[op.causal() ? keys - queries + position + 1 : keys];
            for (int k = 0; k < weights.length; k++) {
                int at = ((sequence * keys + k) * op.keyValueHeads() + shared) * width;
                for (int j = 0; j < width; j++) {
                    weights[k] += query[from + j] * key[at + j] * op.scale();
                }
            }
            Rows.softmax(weights);
            System.arraycopy(weights, 0, result, row * keys, weights.length);
        }
        return result;
    }

    static double[] mix(int keyValueHeads, List<TensorView> inputs) {
        var shape = inputs.getFirst().shape();
        var extents = new Extents(
                Math.toIntExact(shape.extent(0)),
                Math.toIntExact(shape.extent(2)),
                Math.toIntExact(shape.extent(1)),
                keyValueHeads);
        return mix(extents, Values.read(inputs.getFirst()), inputs.get(1));
    }

    private record Extents(int sequences, int queries, int heads, int keyValueHeads) {}

    private static double[] mix(Extents e, double[] pattern, TensorView values) {
        var value = Values.read(values);
        int keys = Math.toIntExact(values.shape().extent(1));
        int width = Math.toIntExact(values.shape().extent(2)) / e.keyValueHeads;
        var result = new double[e.sequences * e.queries * e.heads * width];
        for (int row = 0; row < e.sequences * e.heads * e.queries; row++) { // rows are [sequence, head, query]
            int head = row / e.queries % e.heads;
            int sequence = row / e.queries / e.heads;
            int to = ((sequence * e.queries + row % e.queries) * e.heads + head) * width;
            for (int k = 0; k < keys; k++) {
                int at = ((sequence * keys + k) * e.keyValueHeads + head / (e.heads / e.keyValueHeads)) * width;
                for (int j = 0; j < width; j++) {
                    result[to + j] += pattern[row * keys + k] * value[at + j];
                }
            }
        }
        return result;
    }
}
