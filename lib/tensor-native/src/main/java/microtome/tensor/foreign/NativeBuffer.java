package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import microtome.tensor.BackendException;
import microtome.tensor.Buffer;
import microtome.tensor.DType;

/** Memory of a native engine. Its handle is made, used and destroyed by the engine's thread, after the queue before it. */
final class NativeBuffer implements Buffer {
    private final DType type;
    private final long elements;
    /** Memory of the host that the buffer wraps, or null; kept reachable until the handle is gone. */
    private MemorySegment wrapped;

    private MemorySegment handle = MemorySegment.NULL;
    private BackendException failure;

    NativeBuffer(DType type, long elements, MemorySegment wrapped) {
        this.type = type;
        this.elements = elements;
        this.wrapped = wrapped;
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    long bytes() {
        return type.bytes(elements);
    }

    // The rest is for the engine's thread.

    MemorySegment handle() {
        return handle;
    }

    MemorySegment wrapped() {
        return wrapped;
    }

    void created(MemorySegment made) {
        handle = made;
    }

    void destroyed() {
        handle = MemorySegment.NULL;
        wrapped = null;
    }

    /** Why the contents are not what they should be, or null. */
    BackendException failure() {
        return failure;
    }

    void failed(BackendException cause) {
        failure = cause;
    }
}
