package microtome.tensor.reference;

import java.util.List;
import java.util.stream.IntStream;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Matrix products. */
final class Products {
    private Products() {}

    /** {@code out[b, i, j] = sum_k left[b, i, k] * right[b, k, j] + addend}; columns j in parallel. */
    static double[] matMul(boolean transposeRight, List<TensorView> inputs, Shape output) {
        var left = Values.read(inputs.getFirst());
        var right = inputs.get(1);
        int inner = Math.toIntExact(inputs.getFirst().shape().extent(-1));
        int columns = Math.toIntExact(output.extent(-1));
        int batches = right.shape().rank() == 2 ? 1 : Math.toIntExact(Moves.product(output, 0, output.rank() - 2));
        var result = new double[Math.toIntExact(output.elements())];
        int rows = batches == 0 || columns == 0 ? 0 : result.length / columns / batches;
        for (int batch = 0; batch < batches; batch++) {
            int matrix = batch;
            var all = transposeRight ? null : matrix(right, matrix, inner * columns);
            IntStream.range(0, columns).parallel().forEach(j -> {
                var column = transposeRight
                        ? row(right, (long) matrix * columns + j, inner)
                        : column(all, j, inner, columns);
                for (int i = 0; i < rows; i++) {
                    int leftRow = matrix * rows + i;
                    result[leftRow * columns + j] = dot(left, leftRow * inner, column);
                }
            });
        }
        if (inputs.size() == 3) {
            var addend = Values.read(Moves.broadcast(inputs.get(2), output));
            for (int i = 0; i < result.length; i++) {
                result[i] += addend[i];
            }
        }
        return result;
    }

    private static double[] row(TensorView right, long row, int inner) {
        var values = new double[inner];
        Values.readRow(right, row, values);
        return values;
    }

    private static double[] matrix(TensorView right, int index, int elements) {
        var values = new double[elements];
        Values.readRow(right, index, values);
        return values;
    }

    private static double[] column(double[] matrix, int j, int rows, int columns) {
        var values = new double[rows];
        for (int k = 0; k < rows; k++) {
            values[k] = matrix[k * columns + j];
        }
        return values;
    }

    static double dot(double[] left, int first, double[] right) {
        double sum = 0;
        for (int k = 0; k < right.length; k++) {
            sum += left[first + k] * right[k];
        }
        return sum;
    }
}
