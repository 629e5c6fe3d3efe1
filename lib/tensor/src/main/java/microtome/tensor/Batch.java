package microtome.tensor;

import java.util.Arrays;

/**
 * How many gradients are taken at once over the same stored values. A batch of them has one more axis in front than the
 * value; stored values do not, and broadcast against it.
 *
 * @param count gradients in the batch; -1 for a single one without that axis
 */
record Batch(long count) {
    static final Batch NONE = new Batch(-1);

    static Batch of(long count) {
        return new Batch(count);
    }

    boolean isOne() {
        return count < 0;
    }

    /** The shape of the gradient of a value of this shape. */
    Shape shape(Shape value) {
        return isOne() ? value : value.precededBy(count);
    }

    /** A stored value repeated for every gradient, for operations that do not broadcast. */
    Tensor repeat(Tensor stored) {
        return isOne() ? stored : stored.broadcast(shape(stored.shape()).extents());
    }

    /** Rows of a table as rows of the tables of all gradients, one after another: I32 {@code [..., indices]}. */
    Tensor rows(Tensor indices, long rows) {
        if (isOne()) {
            return indices;
        }
        var first = new int[Math.toIntExact(count)];
        for (int i = 0; i < first.length; i++) {
            first[i] = Math.toIntExact(Math.multiplyExact(rows, (long) i));
        }
        long[] extents = new long[indices.shape().rank() + 1];
        Arrays.fill(extents, 1);
        extents[0] = count;
        return indices.plus(indices.engine().indices(first, extents));
    }

    /** The tables of all gradients as one. */
    Tensor joined(Tensor tables) {
        return isOne() ? tables : tables.reshape(count * tables.extent(1), tables.extent(2));
    }

    /**
     * The sum of all elements of each gradient that came from one element of a value of this shape: the transpose of
     * broadcasting.
     */
    Tensor sumTo(Tensor gradient, Shape value) {
        var target = shape(value);
        var sum = gradient;
        if (gradient.shape().rank() > target.rank()) {
            sum = sumOverAdded(gradient, value.rank());
        }
        for (int axis = 1; axis <= value.rank(); axis++) {
            if (value.extent(-axis) == 1 && sum.extent(-axis) != 1) {
                sum = sum.sum(-axis);
            }
        }
        return sum;
    }

    /** Sums the axes between that of the batch and the last ones of this number. */
    private Tensor sumOverAdded(Tensor gradient, int kept) {
        var shape = gradient.shape();
        long inner = 1;
        for (int axis = 1; axis <= kept; axis++) {
            inner *= shape.extent(-axis);
        }
        long outer = 1;
        for (int axis = isOne() ? 0 : 1; axis < shape.rank() - kept; axis++) {
            outer *= shape.extent(axis);
        }
        var rest = Arrays.copyOfRange(shape.extents(), shape.rank() - kept, shape.rank());
        return gradient.reshape(isOne() ? 1 : count, outer, inner)
                .sum(1)
                .reshape(shape(Shape.of(rest)).extents());
    }
}
