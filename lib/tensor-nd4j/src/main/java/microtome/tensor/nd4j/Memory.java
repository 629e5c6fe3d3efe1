package microtome.tensor.nd4j;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import microtome.tensor.Buffer;
import microtome.tensor.DType;
import microtome.tensor.TensorView;

/**
 * Host memory under a tensor. Memory of its own is given back when the tensor and every array that shares it have let go;
 * wrapped memory is its owner's, and read only.
 */
final class Memory implements Buffer {
    /** What OpenBLAS and vector instructions like best. */
    private static final long ALIGNMENT = 64;

    private final DType type;
    private final long elements;
    private final MemorySegment bytes;
    private final Arena arena;
    private final AtomicInteger holders = new AtomicInteger(1);

    private Memory(DType type, long elements, MemorySegment bytes, Arena arena) {
        this.type = type;
        this.elements = elements;
        this.bytes = bytes;
        this.arena = arena;
    }

    static Memory allocate(DType type, long elements) {
        var arena = Arena.ofShared();
        return new Memory(type, elements, arena.allocate(type.bytes(elements), ALIGNMENT), arena);
    }

    static Memory over(MemorySegment host, DType type, long elements) {
        return new Memory(type, elements, host, null);
    }

    static Memory of(Buffer buffer) {
        return (Memory) buffer;
    }

    static Memory of(TensorView view) {
        return (Memory) view.buffer();
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    MemorySegment bytes() {
        return bytes;
    }

    /** Whether the memory is somebody else's. */
    boolean isWrapped() {
        return arena == null;
    }

    /** Part of the memory, which stays while the segment is reachable, whatever becomes of the tensor. */
    @SuppressWarnings("restricted") // a view of memory of our own, with a lifetime that outlasts every use of it
    MemorySegment held(long first, long size) {
        holders.incrementAndGet();
        return MemorySegment.ofAddress(bytes.address() + first).reinterpret(size, Arena.ofAuto(), _ -> release());
    }

    /** One holder less. */
    void release() {
        if (holders.decrementAndGet() == 0 && arena != null) {
            arena.close();
        }
    }
}
