package microtome.model.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import microtome.tensor.Shape;

/** Elements that lie first axis innermost, as Fortran has them, brought into the order of everything else here. */
final class ColumnMajor {
    private ColumnMajor() {}

    /** Whether the order makes a difference. */
    static boolean matters(Shape shape) {
        return shape.rank() > 1 && shape.elements() > 0;
    }

    /** A copy, last axis innermost, of elements of 1, 2, 4 or 8 bytes. */
    static MemorySegment toRowMajor(MemorySegment bytes, Shape shape, int elementBytes) {
        MemorySegment target = Arena.ofAuto().allocate(bytes.byteSize(), Long.BYTES);
        long[] extents = shape.extents();
        int last = extents.length - 1;
        long[] strides = new long[extents.length];
        strides[0] = elementBytes;
        for (int axis = 1; axis <= last; axis++) {
            strides[axis] = strides[axis - 1] * extents[axis - 1];
        }
        long[] place = new long[extents.length];
        long rowBytes = extents[last] * elementBytes;
        for (long to = 0; to < bytes.byteSize(); to += rowBytes) {
            copyRow(bytes, offset(place, strides), strides[last], target.asSlice(to, rowBytes), elementBytes);
            step(place, extents, last - 1);
        }
        return target;
    }

    private static void copyRow(MemorySegment from, long start, long stride, MemorySegment row, int elementBytes) {
        long at = start;
        for (long to = 0; to < row.byteSize(); to += elementBytes) {
            switch (elementBytes) {
                case 1 -> row.set(ValueLayout.JAVA_BYTE, to, from.get(ValueLayout.JAVA_BYTE, at));
                case 2 -> row.set(ValueLayout.JAVA_SHORT_UNALIGNED, to, from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
                case 4 -> row.set(ValueLayout.JAVA_INT_UNALIGNED, to, from.get(ValueLayout.JAVA_INT_UNALIGNED, at));
                default -> row.set(ValueLayout.JAVA_LONG_UNALIGNED, to, from.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
            }
            at += stride;
        }
    }

    private static long offset(long[] place, long[] strides) {
        long offset = 0;
        for (int axis = 0; axis < place.length - 1; axis++) {
            offset += place[axis] * strides[axis];
        }
        return offset;
    }

    /** Counts on to the next row: the last of these axes first. */
    private static void step(long[] place, long[] extents, int axis) {
        for (int at = axis; at >= 0; at--) {
            place[at]++;
            if (place[at] < extents[at]) {
                return;
            }
            place[at] = 0;
        }
    }
}
