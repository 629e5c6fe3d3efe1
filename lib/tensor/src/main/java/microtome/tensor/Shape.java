package microtome.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The extents of a tensor, outermost axis first; {@code []} is a scalar. A zero extent is an empty tensor. */
public final class Shape {
    /** The largest number of axes. */
    public static final int MAX_RANK = 8;

    private final long[] extents;

    private Shape(long[] extents) {
        if (extents.length > MAX_RANK) {
            throw new IllegalArgumentException("shape %s: %d axes, at most %d are allowed"
                    .formatted(Arrays.toString(extents), extents.length, MAX_RANK));
        }
        for (long extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException(
                        "shape %s: extents must be >= 0".formatted(Arrays.toString(extents)));
            }
        }
        this.extents = extents;
    }

    /** A shape with these extents. */
    public static Shape of(long... extents) {
        return new Shape(extents.clone());
    }

    /** Number of axes. */
    public int rank() {
        return extents.length;
    }

    /** Extent of one axis; negative axes count from the end. */
    public long extent(int axis) {
        return extents[axis("extent", axis)];
    }

    /** Number of elements; fails when it does not fit in 63 bits. */
    public long elements() {
        long elements = 1;
        for (long extent : extents) {
            elements = Math.multiplyExact(elements, extent);
        }
        return elements;
    }

    /** All extents, as a copy. */
    public long[] extents() {
        return extents.clone();
    }

    /** The axis as an index from 0, or an error that says which axes exist. */
    public int axis(String operation, int axis) {
        int index = axis < 0 ? axis + extents.length : axis;
        if (index < 0 || index >= extents.length) {
            throw new IllegalArgumentException("%s: axis %d does not exist in %s; valid axes are %s"
                    .formatted(operation, axis, this, extents.length == 0 ? "none" : "0.." + (extents.length - 1)));
        }
        return index;
    }

    /** The same shape with another extent on one axis. */
    public Shape with(int axis, long extent) {
        long[] changed = extents.clone();
        changed[axis("shape", axis)] = extent;
        return new Shape(changed);
    }

    /** The same shape with one more axis in front. */
    Shape precededBy(long extent) {
        long[] longer = new long[extents.length + 1];
        longer[0] = extent;
        System.arraycopy(extents, 0, longer, 1, extents.length);
        return new Shape(longer);
    }

    /** The same shape with one more axis at the end. */
    Shape followedBy(long extent) {
        long[] longer = Arrays.copyOf(extents, extents.length + 1);
        longer[extents.length] = extent;
        return new Shape(longer);
    }

    /** These extents for the same number of elements; one of them may be -1 and is computed. */
    Shape reshaped(long... wanted) {
        long[] found = wanted.clone();
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < found.length; axis++) {
            if (found[axis] == -1 && open < 0) {
                open = axis;
            } else {
                known = Math.multiplyExact(known, found[axis]);
            }
        }
        if (open >= 0) {
            if (known <= 0 || elements() % known != 0) {
                throw new IllegalArgumentException("reshape: %s has %d elements, which %s does not divide"
                        .formatted(this, elements(), Arrays.toString(wanted)));
            }
            found[open] = elements() / known;
        }
        return new Shape(found);
    }

    /** Strides of a contiguous row-major tensor of this shape, in elements. */
    public long[] strides() {
        long[] strides = new long[extents.length];
        long stride = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(extents[axis], 1);
        }
        return strides;
    }

    /** The shape that both broadcast to: aligned at the last axis, extents equal or one of them 1. */
    public static Shape broadcast(String operation, Shape left, Shape right) {
        int rank = Math.max(left.rank(), right.rank());
        long[] common = new long[rank];
        for (int fromEnd = 1; fromEnd <= rank; fromEnd++) {
            long a = fromEnd <= left.rank() ? left.extent(-fromEnd) : 1;
            long b = fromEnd <= right.rank() ? right.extent(-fromEnd) : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException(
                        "%s: shapes %s and %s do not fit; aligned at the last axis, extents must be equal or 1"
                                .formatted(operation, left, right));
            }
            common[rank - fromEnd] = a == 1 ? b : a;
        }
        return new Shape(common);
    }

    /** Whether a slice of this axis stays contiguous, because every axis before it has extent 1. */
    boolean isOutermost(int axis) {
        for (int before = 0; before < axis; before++) {
            if (extents[before] != 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    @Override
    public String toString() {
        return LongStream.of(extents).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
