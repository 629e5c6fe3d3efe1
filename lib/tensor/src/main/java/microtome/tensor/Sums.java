package microtome.tensor;

import java.util.Arrays;

/** Sums over the axes along which a value was repeated: the transpose of broadcasting. */
final class Sums {
    private Sums() {}

    /** The sum of all elements that came from one element of a tensor of this shape. */
    static Tensor to(Tensor tensor, Shape shape) {
        if (tensor.shape().equals(shape)) {
            return tensor;
        }
        int added = tensor.shape().rank() - shape.rank();
        var sum = tensor;
        if (added > 0) {
            long[] extents = tensor.shape().extents();
            var rest = Arrays.copyOfRange(extents, added, extents.length);
            sum = leading(tensor, Shape.of(rest));
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.extent(axis) == 1 && sum.extent(axis) != 1) {
                sum = sum.sum(axis);
            }
        }
        return sum;
    }

    /** The sum over all axes before those of this shape. */
    static Tensor leading(Tensor tensor, Shape rest) {
        long inner = rest.elements();
        long outer = 1;
        for (int axis = 0; axis < tensor.shape().rank() - rest.rank(); axis++) {
            outer = Math.multiplyExact(outer, tensor.extent(axis));
        }
        return tensor.reshape(outer, inner).sum(0).reshape(rest.extents());
    }
}
