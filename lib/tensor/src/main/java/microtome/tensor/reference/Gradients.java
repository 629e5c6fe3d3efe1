package microtome.tensor.reference;

import java.util.List;
import microtome.tensor.BackendException;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Gradients of fused operations. Rows of the upstream go round the stored rows once for every gradient of a batch. */
final class Gradients {
    private static final double GELU_CUBIC = 0.044715;

    private Gradients() {}

    static double[] of(Op.Gradient op, List<TensorView> inputs) {
        return switch (op) {
            case Op.Gradient.OfSoftmax() -> softmax(inputs);
            case Op.Gradient.OfRmsNorm(float epsilon) -> norm(inputs, epsilon, false);
            case Op.Gradient.OfLayerNorm(float epsilon) -> norm(inputs, epsilon, true);
            case Op.Gradient.OfGatedActivation(var activation) -> gated(activation, inputs);
            case Op.Gradient.OfCrossEntropy() -> crossEntropy(inputs);
            case Op.Gradient.OfAttention attention -> new AttentionGradient(attention, inputs).run();
        };
    }

    private static int width(TensorView view) {
        return Math.toIntExact(view.shape().extent(-1));
    }

    private static double[] softmax(List<TensorView> inputs) {
        var outputs = Values.read(inputs.getFirst());
        var result = Values.read(inputs.getLast());
        int width = width(inputs.getFirst());
        for (int first = 0; first < result.length; first += width) {
            softmax(outputs, first % outputs.length, result, first, width);
        }
        return result;
    }

    /** In place of the upstream. */
    static void softmax(double[] outputs, int from, double[] result, int to, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += outputs[from + i] * result[to + i];
        }
        for (int i = 0; i < width; i++) {
            result[to + i] = outputs[from + i] * (result[to + i] - sum);
        }
    }

    /** With n the normed row and w = gain * upstream: {@code (w - n mean(w n) [- mean(w)]) / scale}. */
    private static double[] norm(List<TensorView> inputs, double epsilon, boolean centred) {
        var values = Values.read(inputs.getFirst());
        var gains = Values.read(inputs.get(1));
        var result = Values.read(inputs.getLast());
        int width = gains.length;
        for (int first = 0; first < result.length; first += width) {
            int from = first % values.length;
            double mean = centred ? sum(values, from, width) / width : 0;
            double squares = 0;
            double weights = 0;
            double products = 0;
            for (int i = 0; i < width; i++) {
                double x = values[from + i] - mean;
                double weighted = gains[i] * result[first + i];
                squares += x * x;
                weights += weighted;
                products += weighted * x;
            }
            double variance = squares / width + epsilon;
            double scale = Math.sqrt(variance);
            double shift = centred ? weights / width : 0;
            for (int i = 0; i < width; i++) {
                double along = (values[from + i] - mean) * products / width / variance;
                result[first + i] = (gains[i] * result[first + i] - along - shift) / scale;
            }
        }
        return result;
    }

    private static double sum(double[] values, int first, int count) {
        double sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static double[] gated(Op.Activation activation, List<TensorView> inputs) {
        var gates = Values.read(inputs.getFirst());
        var ups = Values.read(inputs.get(1));
        var upstream = Values.read(inputs.getLast());
        var result = new double[2 * upstream.length];
        for (int i = 0; i < upstream.length; i++) {
            double gate = gates[i % gates.length];
            result[i] = upstream[i] * ups[i % ups.length] * slope(activation, gate);
            result[upstream.length + i] = upstream[i] * Elementwise.activate(activation, gate);
        }
        return result;
    }

    private static double slope(Op.Activation activation, double x) {
        return switch (activation) {
            case SILU -> {
                double open = 1 / (1 + Math.exp(-x));
                yield open * (1 + x * (1 - open));
            }
            case GELU_TANH -> {
                double factor = Math.sqrt(2 / Math.PI);
                double bend = Math.tanh(factor * (x + GELU_CUBIC * x * x * x));
                yield 0.5 * (1 + bend + x * (1 - bend * bend) * factor * (1 + 3 * GELU_CUBIC * x * x));
            }
            case GELU_ERF ->
                0.5 * (1 + ErrorFunction.erf(x * Math.sqrt(0.5))) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        };
    }

    private static double[] crossEntropy(List<TensorView> inputs) {
        var logits = Values.read(inputs.getFirst());
        var targets = Values.read(inputs.get(1));
        var upstream = Values.read(inputs.getLast());
        int classes = width(inputs.getFirst());
        var result = new double[upstream.length * classes];
        var row = new double[classes];
        for (int r = 0; r < upstream.length; r++) {
            int stored = r % targets.length;
            System.arraycopy(logits, stored * classes, row, 0, classes);
            Rows.softmax(row);
            int target = (int) targets[stored];
            if (target < 0 || target >= classes) {
                throw new BackendException(
                        "gradient of crossEntropy: target %d at place %d is outside the classes 0..%d"
                                .formatted(target, stored, classes - 1));
            }
            row[target] -= 1;
            for (int c = 0; c < classes; c++) {
                result[r * classes + c] = upstream[r] * row[c];
            }
        }
        return result;
    }

    /** For every query of every head: the pattern once more, then what it adds to the three gradients. */
    private static final class AttentionGradient {
        private final Op.Gradient.OfAttention op;
        private final double[] query;
        private final double[] key;
        private final double[] value;
        private final double[] upstream;
        private final double[] result;
        private final int queries;
        private final int keys;
        private final int width;

        AttentionGradient(Op.Gradient.OfAttention op, List<TensorView> inputs) {
            this.op = op;
            query = Values.read(inputs.getFirst());
            key = Values.read(inputs.get(1));
            value = Values.read(inputs.get(2));
            upstream = Values.read(inputs.getLast());
            Shape shape = inputs.getFirst().shape();
            queries = Math.toIntExact(shape.extent(1));
            keys = Math.toIntExact(inputs.get(1).shape().extent(1));
            width = Math.toIntExact(shape.extent(2)) / op.heads();
            int count = query.length == 0 ? 0 : upstream.length / query.length;
            result = new double[upstream.length + 2 * count * key.length];
        }

        double[] run() {
            for (int row = 0; width > 0 && row < upstream.length / width; row++) {
                add(row);
            }
            return result;
        }

        /** Rows are [gradient, sequence, query, head]. */
        private void add(int row) {
            int stored = row % (query.length / width);
            int head = row % op.heads() / (op.heads() / op.keyValueHeads());
            int position = row / op.heads() % queries;
            int sequence = stored / op.heads() / queries;
            int visible = op.causal() ? keys - queries + position + 1 : keys;
            var pattern = new double[visible];
            var across = new double[visible];
            for (int k = 0; k < visible; k++) {
                int at = ((sequence * keys + k) * op.keyValueHeads() + head) * width;
                pattern[k] = op.scale() * dot(query, stored * width, key, at);
                across[k] = dot(upstream, row * width, value, at);
            }
            Rows.softmax(pattern);
            softmax(pattern, 0, across, 0, visible);
            int gradient = row / (query.length / width);
            int ofKey = upstream.length + gradient * key.length;
            int ofValue = ofKey + upstream.length / Math.max(1, query.length) * key.length;
            for (int k = 0; k < visible; k++) {
                int at = ((sequence * keys + k) * op.keyValueHeads() + head) * width;
                for (int j = 0; j < width; j++) {
                    result[row * width + j] += op.scale() * across[k] * key[at + j];
                    result[ofKey + at + j] += op.scale() * across[k] * query[stored * width + j];
                    result[ofValue + at + j] += pattern[k] * upstream[row * width + j];
                }
            }
        }

        private double dot(double[] left, int from, double[] right, int to) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += left[from + j] * right[to + j];
            }
            return sum;
        }
    }
}
