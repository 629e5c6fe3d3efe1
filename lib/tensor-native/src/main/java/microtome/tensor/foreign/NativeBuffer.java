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
    private boolean planned;
    private BackendException failure;

    private NativeBuffer(DType type, long elements, MemorySegment wrapped, boolean planned) {
        this.type = type;
        this.elements = elements;
        this.wrapped = wrapped;
        this.planned = planned;
    }

    /** A buffer whose memory the first command that needs it makes. */
    static NativeBuffer planned(DType type, long elements) {
        return new NativeBuffer(type, elements, null, true);
    }

    /** A buffer over memory of the host. */
    static NativeBuffer over(MemorySegment host, DType type, long elements) {
        return new NativeBuffer(type, elements, host, false);
    }

    /** A buffer whose memory the command that packs a weight into it makes. */
    static NativeBuffer packed(DType type, long elements) {
        return new NativeBuffer(type, elements, null, false);
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

    /** Whether its memory is still to be made. */
    boolean isPlanned() {
        return planned;
    }

    boolean isCreated() {
        return !MemorySegment.NULL.equals(handle);
    }

    void created(MemorySegment made) {
        handle = made;
        planned = false;
    }

    void destroyed() {
        planned = false;
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
