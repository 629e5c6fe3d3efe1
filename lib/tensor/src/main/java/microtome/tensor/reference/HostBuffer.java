package microtome.tensor.reference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import microtome.tensor.Buffer;
import microtome.tensor.DType;
import microtome.tensor.TensorView;

/** Host memory; the arena is null when the memory is the caller's. */
record HostBuffer(DType type, long elements, MemorySegment memory, Arena arena) implements Buffer {
    private static final long ALIGNMENT = 64;

    static HostBuffer allocate(DType type, long elements) {
        var arena = Arena.ofShared();
        return new HostBuffer(type, elements, arena.allocate(type.bytes(elements), ALIGNMENT), arena);
    }

    static MemorySegment memoryOf(Buffer buffer) {
        return ((HostBuffer) buffer).memory;
    }

    static MemorySegment memoryOf(TensorView view) {
        return memoryOf(view.buffer());
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
