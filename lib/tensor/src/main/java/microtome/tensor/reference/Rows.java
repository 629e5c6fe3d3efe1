package microtome.tensor.reference;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Operations along one axis. */
final class Rows {
    private Rows() {}

    static double[] reduce(Op.Reduce.Kind kind, TensorView input, int axis) {
        var values = Values.read(input);
        var result = new double[Math.toIntExact(input.shape().with(axis, 1).elements())];
        int[] next = {0};
        alongAxis(values, input.shape(), axis, row -> result[next[0]++] = reduce(kind, row));
        return input.dtype() == DType.I32 && kind == Op.Reduce.Kind.SUM
                ? Arrays.stream(result).map(Values::wrapped).toArray()
                : result;
    }

    private static double reduce(Op.Reduce.Kind kind, double[] row) {
        return switch (kind) {
            case SUM -> Arrays.stream(row).reduce(0, Double::sum);
            case MAX -> Arrays.stream(row).reduce(Double.NEGATIVE_INFINITY, Math::max);
            case LOGSUMEXP -> logSumExp(row);
        };
    }

    static double logSumExp(double[] row) {
        double largest = Arrays.stream(row).reduce(Double.NEGATIVE_INFINITY, Math::max);
        if (Double.isInfinite(largest)) {
            return largest;
        }
        return largest
                + Math.log(Arrays.stream(row).map(x -> Math.exp(x - largest)).reduce(0, Double::sum));
    }

    static double[] softmax(TensorView input, int axis) {
        var values = Values.read(input);
        alongAxis(values, input.shape(), axis, Rows::softmax);
        return values;
    }

    static void softmax(double[] row) {
        double largest = Arrays.stream(row).reduce(Double.NEGATIVE_INFINITY, Math::max);
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.exp(row[i] - largest);
            sum += row[i];
        }
        for (int i = 0; i < row.length; i++) {
            row[i] /= sum;
        }
    }

    static double[] rmsNorm(double epsilon, TensorView input, TensorView gain) {
        var values = Values.read(input);
        var gains = Values.read(gain);
        alongAxis(values, input.shape(), input.shape().rank() - 1, row -> {
            double meanSquare = Arrays.stream(row).map(x -> x * x).sum() / row.length;
            double scale = Math.sqrt(meanSquare + epsilon);
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] / scale * gains[i];
            }
        });
        return values;
    }

    static double[] layerNorm(double epsilon, List<TensorView> inputs) {
        var values = Values.read(inputs.getFirst());
        var gains = Values.read(inputs.get(1));
        var biases = Values.read(inputs.get(2));
        var shape = inputs.getFirst().shape();
        alongAxis(values, shape, shape.rank() - 1, row -> {
            double mean = Arrays.stream(row).sum() / row.length;
            double variance =
                    Arrays.stream(row).map(x -> (x - mean) * (x - mean)).sum() / row.length;
            double scale = Math.sqrt(variance + epsilon);
            for (int i = 0; i < row.length; i++) {
                row[i] = (row[i] - mean) / scale * gains[i] + biases[i];
            }
        });
        return values;
    }

    /** Takes out the values along an axis for every index of the other axes, and puts back what {@code act} made of them. */
    private static void alongAxis(double[] values, Shape shape, int axis, Consumer<double[]> act) {
        int extent = Math.toIntExact(shape.extent(axis));
        int inner = Math.toIntExact(Moves.product(shape, axis + 1, shape.rank()));
        int outer = Math.toIntExact(Moves.product(shape, 0, axis));
        var row = new double[extent];
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                int first = o * extent * inner + i;
                for (int r = 0; r < extent; r++) {
                    row[r] = values[first + r * inner];
                }
                act.accept(row);
                for (int r = 0; r < extent; r++) {
                    values[first + r * inner] = row[r];
                }
            }
        }
    }
}
