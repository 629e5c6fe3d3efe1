package microtome.tensor.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Room for the {@code mt_tensor} arguments of one call, written anew for each call by the engine's thread. */
final class Descriptors {
    static final StructLayout TENSOR = MemoryLayout.structLayout(
            ADDRESS.withName("buffer"),
            JAVA_LONG.withName("offset"),
            JAVA_INT.withName("dtype"),
            JAVA_INT.withName("layout"),
            JAVA_INT.withName("rank"),
            JAVA_INT.withName("reserved"),
            MemoryLayout.sequenceLayout(Shape.MAX_RANK, JAVA_LONG).withName("extent"),
            MemoryLayout.sequenceLayout(Shape.MAX_RANK, JAVA_LONG).withName("stride"));

    private static final long BUFFER = offset("buffer");
    private static final long OFFSET = offset("offset");
    private static final long DTYPE = offset("dtype");
    private static final long LAYOUT = offset("layout");
    private static final long RANK = offset("rank");
    private static final long EXTENT = offset("extent");
    private static final long STRIDE = offset("stride");
    private static final int SLOTS = 7;
    private static final int ROW_MAJOR = 0;
    private static final int PACKED = 1;

    private final MemorySegment[] slots = new MemorySegment[SLOTS];

    Descriptors(Arena arena) {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = arena.allocate(TENSOR);
        }
    }

    private static long offset(String field) {
        return TENSOR.byteOffset(PathElement.groupElement(field));
    }

    /** Describes a view in one of the slots. */
    MemorySegment write(int slot, TensorView view) {
        return write(slot, view, view.shape(), view.strides(), view.offset());
    }

    /** Describes a window into a view's buffer: other extents and strides, from another first element. */
    MemorySegment write(int slot, TensorView view, Shape shape, long[] strides, long first) {
        var target = slots[slot];
        target.set(ADDRESS, BUFFER, ((NativeBuffer) view.buffer()).handle());
        target.set(JAVA_LONG, OFFSET, first);
        target.set(JAVA_INT, DTYPE, Codes.of(view.dtype()));
        target.set(JAVA_INT, LAYOUT, view.packed() ? PACKED : ROW_MAJOR);
        int rank = shape.rank();
        target.set(JAVA_INT, RANK, rank);
        for (int axis = 0; axis < rank; axis++) {
            target.set(JAVA_LONG, EXTENT + axis * Long.BYTES, shape.extent(axis));
            target.set(JAVA_LONG, STRIDE + axis * Long.BYTES, strides[axis]);
        }
        return target;
    }
}
