package microtome.model;

import java.util.Arrays;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/**
 * Numbers that have left the engine: a plain row-major array with its shape. Outlives every engine, can be saved and
 * shared.
 */
public record Values(Shape shape, float[] array) {
    public Values {
        if (array.length != shape.elements()) {
            throw new IllegalArgumentException("values: %d numbers do not fill %s".formatted(array.length, shape));
        }
    }

    /** A copy of a tensor's numbers. */
    public static Values of(Tensor tensor) {
        return new Values(tensor.shape(), tensor.toFloats());
    }

    /** The number at these indices, one per axis. */
    public float at(int... index) {
        return array[Math.toIntExact(offset(index))];
    }

    /** The numbers below these leading indices, as a copy: {@code row(3)} of {@code [31, 5, 576]} is {@code [5, 576]} flat. */
    public float[] row(int... leading) {
        int length = 1;
        for (int axis = leading.length; axis < shape.rank(); axis++) {
            length *= (int) shape.extent(axis);
        }
        int from = Math.toIntExact(offset(leading));
        return Arrays.copyOfRange(array, from, from + length);
    }

    /**
     * What these have more than others, number by number: between two runs, a direction to add to a third.
     *
     * @throws IllegalArgumentException unless both have one shape
     */
    public Values minus(Values others) {
        if (!shape.equals(others.shape)) {
            throw new IllegalArgumentException(
                    "values %s minus values %s: both need one shape; take prompts of equally many tokens"
                            .formatted(shape, others.shape));
        }
        var difference = new float[array.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = array[i] - others.array[i];
        }
        return new Values(shape, difference);
    }

    /** The same numbers without the leading axis, which must have extent 1. */
    public Values withoutLeadingAxis() {
        if (shape.rank() == 0 || shape.extent(0) != 1) {
            throw new IllegalArgumentException(
                    "values %s: the first axis must have extent 1 to be dropped".formatted(shape));
        }
        long[] extents = shape.extents();
        return new Values(Shape.of(Arrays.copyOfRange(extents, 1, extents.length)), array);
    }

    private long offset(int[] index) {
        if (index.length > shape.rank()) {
            throw new IllegalArgumentException("values %s: %d indices given".formatted(shape, index.length));
        }
        long[] strides = shape.strides();
        long offset = 0;
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape.extent(axis)) {
                throw new IndexOutOfBoundsException("values %s: index %d on axis %d; valid are 0..%d"
                        .formatted(shape, index[axis], axis, shape.extent(axis) - 1));
            }
            offset += index[axis] * strides[axis];
        }
        return offset;
    }

    @Override
    public String toString() {
        return "Values" + shape;
    }
}
