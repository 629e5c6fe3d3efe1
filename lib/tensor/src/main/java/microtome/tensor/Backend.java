package microtome.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How tensors are stored and operations computed on one device: the whole contract of an engine room. Implementations
 * pass the conformance suite. An {@link Engine} checks shapes and types before it calls, so a backend may trust them.
 *
 * <p>Work may be queued: only {@link #download} and {@link #synchronize} wait for it.
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

    /** Copies a buffer into host memory of the same number of bytes, after all work before it. */
    void download(Buffer source, MemorySegment target);

    /** Copies bytes between buffers. */
    void copy(BufferRange source, BufferRange target);

    /**
     * A weight {@code [n, k]} in the form this backend multiplies by fastest, decoded to {@code type} (F32 or BF16). Only
     * accepted as the transposed right operand of {@code MatMul}. The default keeps the plain form.
     */
    TensorView pack(TensorView weight, DType type);

    /** Whether this operation runs on these inputs; the engine decomposes fused operations that do not. */
    boolean supports(Op op, List<TensorType> inputs);

    /** Computes an operation on contiguous inputs (except that attention takes any row strides) into a new output. */
    void execute(Op op, List<TensorView> inputs, TensorView output);

    /** Waits until all work is done, and reports what failed. */
    void synchronize();

    @Override
    void close();
}
