package microtome.tensor.reference;

import java.util.Arrays;
import java.util.List;
import microtome.tensor.BackendException;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;

/** Data movement: the same values in other places. */
final class Moves {
    private Moves() {}

    static double[] fill(double value, Shape shape) {
        var values = new double[Math.toIntExact(shape.elements())];
        Arrays.fill(values, value);
        return values;
    }

    static double[] permute(TensorView input, List<Integer> axes) {
        var extents = new long[axes.size()];
        var strides = new long[axes.size()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = input.shape().extent(axes.get(i));
            strides[i] = input.strides()[axes.get(i)];
        }
        return Values.read(window(input, 0, extents, strides));
    }

    /** The same elements with stride 0 along repeated axes. */
    static TensorView broadcast(TensorView input, Shape to) {
        int added = to.rank() - input.shape().rank();
        var strides = new long[to.rank()];
        for (int axis = added; axis < strides.length; axis++) {
            strides[axis] = input.shape().extent(axis - added) == 1 ? 0 : input.strides()[axis - added];
        }
        return window(input, 0, to.extents(), strides);
    }

    static double[] slice(TensorView input, int axis, long from, long to) {
        var shape = input.shape().with(axis, to - from);
        return Values.read(window(input, from * input.strides()[axis], shape.extents(), input.strides()));
    }

    private static TensorView window(TensorView input, long elements, long[] extents, long[] strides) {
        var type = new TensorType(input.dtype(), Shape.of(extents));
        return new TensorView(input.buffer(), input.offset() + elements, type, strides, false);
    }

    /** For every index before the axis, the runs of all inputs one after another. */
    static double[] concat(List<TensorView> inputs, int axis, Shape output) {
        var result = new double[Math.toIntExact(output.elements())];
        int outer = Math.toIntExact(product(output, 0, axis));
        int at = 0;
        var sources = inputs.stream().map(Values::read).toList();
        for (int o = 0; o < outer; o++) {
            for (var source : sources) {
                int run = source.length / outer;
                System.arraycopy(source, o * run, result, at, run);
                at += run;
            }
        }
        return result;
    }

    static double[] gather(TensorView table, TensorView indices) {
        int width = Math.toIntExact(table.shape().extent(1));
        long rows = table.shape().extent(0);
        var wanted = Values.read(indices);
        var result = new double[Math.multiplyExact(wanted.length, width)];
        var row = new double[width];
        for (int i = 0; i < wanted.length; i++) {
            long index = (long) wanted[i];
            if (index < 0 || index >= rows) {
                throw new BackendException(
                        "gather: index %d at place %d is outside the table's rows 0..%d".formatted(index, i, rows - 1));
            }
            Values.readRow(table, index, row);
            System.arraycopy(row, 0, result, i * width, width);
        }
        return result;
    }

    static long product(Shape shape, int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product *= shape.extent(axis);
        }
        return product;
    }
}
