package microtome.tensor.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import microtome.tensor.BackendException;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Operations that choose or place elements. */
final class Selections {
    private Selections() {}

    /** For every index before the axis: padding, the input's run, padding. */
    static double[] pad(Op.Pad op, TensorView input, Shape output) {
        var values = Values.read(input);
        var result = Moves.fill(op.value(), output);
        int axis = input.shape().axis("pad", op.axis());
        int inner = Math.toIntExact(Moves.product(output, axis + 1, output.rank()));
        int run = Math.toIntExact(input.shape().extent(axis)) * inner;
        int step = Math.toIntExact(output.extent(axis)) * inner;
        int outer = Math.toIntExact(Moves.product(output, 0, axis));
        for (int o = 0; o < outer; o++) {
            System.arraycopy(values, o * run, result, o * step + Math.toIntExact(op.before()) * inner, run);
        }
        return result;
    }

    static double[] scatterAdd(List<TensorView> inputs) {
        var result = Values.read(inputs.getFirst());
        var indices = Values.read(inputs.get(1));
        var updates = Values.read(inputs.get(2));
        long rows = inputs.getFirst().shape().extent(0);
        int width = Math.toIntExact(inputs.getFirst().shape().extent(1));
        for (int i = 0; i < indices.length; i++) {
            int row = (int) indices[i];
            if (row < 0 || row >= rows) {
                throw new BackendException("scatterAdd: index %d at place %d is outside the table's rows 0..%d"
                        .formatted(row, i, rows - 1));
            }
            for (int c = 0; c < width; c++) {
                result[row * width + c] += updates[i * width + c];
            }
        }
        return inputs.getFirst().dtype() == DType.I32
                ? Arrays.stream(result).map(Values::wrapped).toArray()
                : result;
    }

    static double[] where(List<TensorView> inputs, Shape output) {
        var condition = Values.read(Moves.broadcast(inputs.getFirst(), output));
        var result = Values.read(Moves.broadcast(inputs.get(1), output));
        var second = Values.read(Moves.broadcast(inputs.get(2), output));
        for (int i = 0; i < result.length; i++) {
            result[i] = condition[i] != 0 ? result[i] : second[i];
        }
        return result;
    }

    static double[] topK(TensorView input, int count) {
        int width = Math.toIntExact(input.shape().extent(-1));
        var values = Values.read(input);
        var result = new double[values.length / width * count];
        for (int row = 0; row < values.length / width; row++) {
            int first = row * width;
            var best = IntStream.range(0, width)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer place) -> values[first + place] + 0.0)
                            .reversed()) // stable: the lowest place first; compare puts NaN above all
                    .limit(count)
                    .mapToDouble(Integer::doubleValue)
                    .toArray();
            System.arraycopy(best, 0, result, row * count, count);
        }
        return result;
    }

    static double[] crossEntropy(TensorView logits, TensorView targets) {
        int classes = Math.toIntExact(logits.shape().extent(-1));
        var wanted = Values.read(targets);
        var result = new double[wanted.length];
        var row = new double[classes];
        for (int i = 0; i < result.length; i++) {
            int target = (int) wanted[i];
            if (target < 0 || target >= classes) {
                throw new BackendException("crossEntropy: target %d at place %d is outside the classes 0..%d"
                        .formatted(target, i, classes - 1));
            }
            Values.readRow(logits, i, row);
            result[i] = Rows.logSumExp(row) - row[target];
        }
        return result;
    }
}
