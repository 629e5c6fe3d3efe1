package microtome.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * How tensors are stored and operations computed on one device: the whole contract of an engine room. Implementations
 * pass the conformance suite. An {@link Engine} checks shapes and types before it calls, so a backend may trust them.
 *
 * <p>Work may be queued: only {@link #download} and {@link #synchronize} wait for it, and report what failed as a
 * {@link BackendException} that names the operation. A thread that is interrupted while it waits gets a
 * {@link WaitInterruptedException}, and the operation it waited for is stopped where the device can; all that is computed
 * from that fails, everything else stays right. Every method may be called from any thread.
 */
public interface Backend extends AutoCloseable {

    /** The device, for model cards and provenance. */
    Device device();

    /** Uninitialised memory for this many elements. */
    Buffer allocate(DType type, long elements);

    /**
     * A buffer over memory of the host, such as a mapped file, which the caller keeps alive and unchanged. Shares the
     * memory where the device can read it, copies it where not. Read only.
     */
    Buffer wrap(MemorySegment host, DType type, long elements);

    /** Ends the use of a buffer; queued work that needs it still runs. */
    void release(Buffer buffer);

    /** Copies host memory into a buffer of the same number of bytes. */
    void upload(MemorySegment source, Buffer target);

    /** Copies part of a buffer into host memory of the same number of bytes, after all work before it. */
    void download(BufferRange source, MemorySegment target);

    /**
     * The memory in which these bytes lie, for whoever reads them without a copy, after all work before it. Stays valid
     * while the segment is reachable, even after {@link #release}. Empty where the host cannot read it in place.
     */
    default Optional<MemorySegment> share(BufferRange source) {
        return Optional.empty();
    }

    /** Copies bytes between buffers. */
    void copy(BufferRange source, BufferRange target);

    /**
     * A weight {@code [n, k]} in the form this backend multiplies by fastest, decoded to {@code type} (F32 or BF16). Only
     * accepted as the transposed right operand of {@code MatMul}, and as the input of {@code Permute [1, 0]}, which gives
     * the plain transpose {@code [k, n]} back. A backend without such a form gives a plain view, which
     * may share the buffer of {@code weight}.
     */
    TensorView pack(TensorView weight, DType type);

    /**
     * Whether this operation runs on these inputs. The engine rewrites one that does not: a fused operation becomes
     * primitives, an inner axis is moved to the end, a type the device does not compute with becomes F32. {@code Reshape}
     * never gets here.
     */
    boolean supports(Op op, List<TensorView> inputs);

    /** Computes an operation on contiguous inputs (except that attention takes any row strides) into a new output. */
    void execute(Op op, List<TensorView> inputs, TensorView output);

    /** Waits until all work is done, and reports what failed. */
    void synchronize();

    /**
     * Measures, for about a tenth of a second, how many floating point operations per second this device's arithmetic could do
     * on operands of a type if it never waited for memory; empty where the device cannot tell.
     */
    default OptionalDouble arithmeticPeak(DType type) {
        return OptionalDouble.empty();
    }

    /** Gives memory that is kept for reuse back to the system, after all work before it. */
    default void trim() {}

    /** Bytes that are kept for reuse, after all work before; waits for it. */
    default long pooledBytes() {
        return 0;
    }

    /**
     * Keeps memory for reuse only while that and all memory in use are no more than this many bytes together. The engine's
     * budget; the engine itself sees to it that buffers do not pass it.
     */
    default void limitPool(long bytes) {}

    /**
     * Runs something whose operations are for others too: an interrupt of this thread, while it waits for something that
     * needs one of them, does not stop it. Where a backend stops nothing, it just runs it.
     */
    default <T> T withoutStops(Supplier<T> making) {
        return making.get();
    }

    @Override
    void close();
}
