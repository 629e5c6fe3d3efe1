package microtome.tensor.nd4j;

import java.util.List;
import microtome.tensor.TensorView;

/** The same elements in other places: a copy between two windows, whose strides say where from and where to. */
final class Movements {
    private Movements() {}

    static void permute(TensorView input, List<Integer> axes, TensorView output) {
        var strides = new long[axes.size()];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = input.strides()[axes.get(axis)];
        }
        copy(input, 0, strides, output);
    }

    /** Repeated axes stand still. */
    static void broadcast(TensorView input, TensorView output) {
        int added = output.shape().rank() - input.shape().rank();
        var strides = new long[output.shape().rank()];
        for (int axis = added; axis < strides.length; axis++) {
            strides[axis] = input.shape().extent(axis - added) == 1 ? 0 : input.strides()[axis - added];
        }
        copy(input, 0, strides, output);
    }

    static void slice(TensorView input, int axis, long from, TensorView output) {
        int index = input.shape().axis("slice", axis);
        copy(input, from * input.strides()[index], input.strides(), output);
    }

    private static void copy(TensorView input, long first, long[] strides, TensorView output) {
        var extents = output.shape().extents();
        Views.window(output, output.offset(), extents, output.strides())
                .assign(Views.window(input, input.offset() + first, extents, strides));
    }

    static void concat(List<TensorView> inputs, int axis, TensorView output) {
        int index = output.shape().axis("concat", axis);
        long at = output.offset();
        for (var input : inputs) {
            var extents = input.shape().extents();
            Views.window(output, at, extents, output.strides())
                    .assign(Views.window(input, input.offset(), extents, input.strides()));
            at += extents[index] * output.strides()[index];
        }
    }
}
