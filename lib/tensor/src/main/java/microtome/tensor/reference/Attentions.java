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

    /** For every sequence, head and query: scores of the visible keys, softmax, weighted sum of the values. */
    static double[] attention(Op.Attention op, List<TensorView> inputs) {
        var query = Values.read(inputs.getFirst());
        var key = Values.read(inputs.get(1));
        var value = Values.read(inputs.get(2));
        var shape = inputs.getFirst().shape();
        int queries = Math.toIntExact(shape.extent(1));
        int keys = Math.toIntExact(inputs.get(1).shape().extent(1));
        int width = Math.toIntExact(shape.extent(2)) / op.heads();
        var result = new double[query.length];
        for (int row = 0; row < query.length / width; row++) { // rows are [sequence, query, head]
            int head = row % op.heads() / (op.heads() / op.keyValueHeads());
            int position = row / op.heads() % queries;
            int sequence = row / op.heads() / queries;
            int visible = op.causal() ? keys - queries + position + 1 : keys;
            var weights = new double[visible];
            for (int k = 0; k < visible; k++) {
                int at = ((sequence * keys + k) * op.keyValueHeads() + head) * width;
                for (int j = 0; j < width; j++) {
                    weights[k] += query[row * width + j] * key[at + j] * op.scale();
                }
            }
            Rows.softmax(weights);
            for (int k = 0; k < visible; k++) {
                int at = ((sequence * keys + k) * op.keyValueHeads() + head) * width;
                for (int j = 0; j < width; j++) {
                    result[row * width + j] += weights[k] * value[at + j];
                }
            }
        }
        return result;
    }
}
