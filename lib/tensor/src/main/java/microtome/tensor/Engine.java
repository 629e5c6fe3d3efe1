package microtome.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes tensors and computes with them on one backend. All methods may be called from any thread; a {@link Scope} belongs
 * to the thread that opened it.
 */
public final class Engine implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Backend backend;
    private final List<String> notes;
    private final Memory memory;
    private final Ledger ledger;
    private final ThreadLocal<Scope> innermost = new ThreadLocal<>();
    private final Tapes tapes = new Tapes(this);
    private volatile Caller closed; // where, once it is

    Engine(Backend backend, List<String> notes) {
        this.backend = backend;
        this.notes = List.copyOf(notes);
        this.memory = new Memory(backend);
        this.ledger = memory.ledger();
    }

    /** Opens the best backend that is available; logs one warning for each better one that is missing. */
    public static Engine open() {
        return Providers.installed().openBest();
    }

    /**
     * Opens the backend of this name.
     *
     * @throws IllegalArgumentException with the reason and the available names, when it cannot be had
     */
    public static Engine open(String backend) {
        return Providers.installed().open(backend);
    }

    /** Every backend that was found, best first, and whether it can open. */
    public static List<Availability> availability() {
        return Providers.installed().availability();
    }

    /** The device, for model cards and provenance. */
    public Device device() {
        return backend.device();
    }

    /** Why better backends are missing, one line each; empty when this is the best one known. */
    public List<String> notes() {
        return notes;
    }

    /** Opens a scope inside the innermost open one of this thread. */
    public Scope openScope() {
        return openScope(Caller.ofEngine());
    }

    /** A scope of this library's own that no caller sees: its place is not looked up. */
    Scope openScope(Object place) {
        requireOpen();
        var scope = new Scope(this, innermost.get(), place);
        innermost.set(scope);
        return scope;
    }

    /**
     * Runs something as if no scope were open on this thread: the tensors it makes live until they are unreachable. For
     * values that are made on first use and kept, such as prepared weights. An interrupt of this thread, later, does not
     * stop the operations that were begun here, as others will need them.
     */
    public <T> T outsideScopes(Supplier<T> making) {
        var scope = innermost.get();
        innermost.remove();
        try {
            return backend.withoutStops(making);
        } finally {
            if (scope != null) {
                innermost.set(scope);
            }
        }
    }

    /**
     * Records what this thread computes on this engine from now on, until the tape is closed, so that gradients can be
     * taken. Tapes nest: an outer one also records the gradients that an inner one computes, which gives second derivatives.
     */
    public Tape record() {
        requireOpen();
        return tapes.open(Caller.ofEngine());
    }

    /**
     * Computes a block of which open tapes keep the inputs only: taking gradients through it computes it once more. Without
     * a tape it just computes.
     *
     * @param inputs what gradients flow to; other tensors that the block uses count as constants
     * @param block gives the same result whenever it is called
     */
    public Tensor checkpoint(List<Tensor> inputs, Function<List<Tensor>, Tensor> block) {
        requireOpen();
        return tapes.checkpoint(inputs, block);
    }

    /** An F32 tensor of these values in row-major order. */
    public Tensor tensor(float[] values, long... extents) {
        return uploaded(MemorySegment.ofArray(values), values.length, TensorType.of(DType.F32, extents));
    }

    /** An F64 tensor of these values in row-major order. */
    public Tensor tensor(double[] values, long... extents) {
        return uploaded(MemorySegment.ofArray(values), values.length, TensorType.of(DType.F64, extents));
    }

    /** An I32 tensor of these values in row-major order. */
    public Tensor indices(int[] values, long... extents) {
        return uploaded(MemorySegment.ofArray(values), values.length, TensorType.of(DType.I32, extents));
    }

    /** A copy of host memory that holds a tensor of this type. */
    public Tensor tensor(MemorySegment host, TensorType type) {
        requireBytes("tensor", host, type);
        var output = allocate("tensor", type);
        if (host.byteSize() > 0) {
            backend.upload(host, output.view().buffer());
        }
        return output;
    }

    /** A tensor of one value everywhere. */
    public Tensor filled(double value, DType dtype, long... extents) {
        return apply(new Op.Fill(value, TensorType.of(dtype, extents)));
    }

    /** A tensor over host memory, such as a mapped file, which must not change. Shares it where the device can. */
    public Tensor wrap(MemorySegment host, TensorType type) {
        requireBytes("wrap", host, type);
        if (!host.isNative()) {
            return tensor(host, type);
        }
        requireOpen();
        var buffer = backend.wrap(host, type.dtype(), type.shape().elements());
        return own(type, TensorView.contiguous(buffer, 0, type), memory.uncounted(buffer, type));
    }

    /**
     * A weight {@code [n, k]} in the form that this backend multiplies by fastest. The first product with its transpose,
     * such as a gradient with respect to the other operand, makes a second packed form, which takes as much memory again and
     * lives as long as the weight.
     *
     * @param type F32 or BF16
     * @return the right operand of {@code matmulTransposed} and {@code matmul}; good for nothing else
     */
    public Tensor pack(Tensor weight, DType type) {
        boolean possible = (weight.dtype().isFloating() || weight.dtype().isBlocked())
                && weight.shape().rank() == 2;
        if (!possible || (type != DType.F32 && type != DType.BF16)) {
            throw new IllegalArgumentException(
                    "pack: %s to %s; a weight is [n, k] of a floating or block type, packed to F32 or BF16"
                            .formatted(weight.type(), type));
        }
        var held = new Held(List.of(weight));
        try {
            var packed = new TensorType(type, weight.shape());
            var view = memory.reserved("pack", packed, () -> backend.pack(weight.view(), type));
            var result = view.buffer() == weight.view().buffer()
                    ? sharedPacked(weight, packed, view)
                    : own(packed, view, memory.storage(view.buffer(), packed));
            tapes.record(new Op.Cast(type), List.of(weight), result);
            return result;
        } finally {
            held.release();
        }
    }

    /** Takes back what was reserved for a form that the weight has already. */
    private Tensor sharedPacked(Tensor weight, TensorType packed, TensorView view) {
        ledger.release(packed.bytes());
        return shared(weight, packed, view);
    }

    /**
     * Computes an operation; every method of {@link Tensor} and {@link Layers} ends here. Checks types and shapes, rewrites
     * what the backend does not support, and returns without waiting for the device.
     */
    public Tensor apply(Op op, Tensor... inputs) {
        requireOpen();
        var given = List.of(inputs);
        requireOwn(op, given);
        var held = new Held(given);
        try {
            var output = compute(op, given, ShapeRule.output(op, types(inputs)));
            tapes.record(op, given, output);
            return output;
        } finally {
            held.release();
        }
    }

    private Tensor compute(Op op, List<Tensor> inputs, TensorType type) {
        var alias = Alias.of(op, inputs, type);
        if (alias != null) {
            return shared(inputs.getFirst(), type, alias);
        }
        if (op instanceof Op.MatMul(boolean transposed, var _)
                && !transposed
                && inputs.get(1).isPacked()) {
            return tapes.unrecorded(() -> PackedTranspose.multiply(op, inputs));
        }
        var views = views(inputs);
        if (!backend.supports(op, views)) {
            return tapes.unrecorded(() -> Lowering.apply(this, op, inputs));
        }
        var output = allocate(op.label(), type);
        if (type.shape().elements() > 0) {
            backend.execute(op, views, output.view());
        }
        return output;
    }

    /** Waits until the device has done everything, and reports what failed. */
    public void synchronize() {
        requireOpen();
        try {
            backend.synchronize();
        } catch (OutOfMemory refused) {
            throw memory.explained(refused);
        }
    }

    /** Gives memory that the device keeps for reuse back to the system; worth it after work that will not come again. */
    public void trim() {
        requireOpen();
        backend.trim();
    }

    /**
     * The most bytes of device memory that live tensors may own together. What would pass it fails with
     * {@link OutOfMemory}, after unreachable tensors have been freed. At first what the system property
     * {@code microtome.budget} says, such as {@code 8g}, or else the memory of the machine without the largest Java heap.
     */
    public long budget() {
        return ledger.budget();
    }

    /** Sets the budget; tensors that are alive stay, even when they pass it already. */
    public void setBudget(long bytes) {
        requireOpen();
        memory.setBudget(bytes);
    }

    /**
     * The speed that no matrix product on operands of this type can pass, measured now for about a tenth of a second:
     * multiplications and additions per second, with no memory touched. Empty where the device cannot tell.
     */
    public OptionalDouble arithmeticPeak(DType type) {
        requireOpen();
        return backend.arithmeticPeak(type);
    }

    /** Bytes of device memory that live tensors own; mapped weights do not count. */
    public long liveBytes() {
        return ledger.bytes();
    }

    /** Bytes of device memory that are in no tensor but kept for the next ones; waits for the device. */
    public long pooledBytes() {
        requireOpen();
        return backend.pooledBytes();
    }

    /** Tensors that are neither closed, nor ended with a scope, nor found unreachable. */
    public long liveTensors() {
        return ledger.tensors();
    }

    /** Waits for running work and frees everything; using a tensor of this engine afterwards is an error. */
    @Override
    public void close() {
        if (closed == null) {
            closed = Caller.ofEngine();
            backend.close();
        }
    }

    void download(Tensor tensor, MemorySegment target) {
        requireReadable(tensor);
        requireBytes("download", target, tensor.type());
        if (target.byteSize() > 0) {
            download(stored(tensor), target);
        }
        Reference.reachabilityFence(tensor);
    }

    Optional<MemorySegment> memory(Tensor tensor) {
        requireReadable(tensor);
        var shared = backend.share(stored(tensor)).map(MemorySegment::asReadOnly);
        Reference.reachabilityFence(tensor);
        return shared;
    }

    private static void requireReadable(Tensor tensor) {
        tensor.requireOpen();
        if (tensor.isPacked()) {
            throw new IllegalArgumentException(
                    "tensor %s is packed and cannot be read; keep the plain weight".formatted(tensor.type()));
        }
    }

    private static BufferRange stored(Tensor tensor) {
        var view = tensor.view();
        return new BufferRange(
                view.buffer(), view.dtype().bytes(view.offset()), tensor.type().bytes());
    }

    private void download(BufferRange range, MemorySegment target) {
        try {
            backend.download(range, target);
        } catch (OutOfMemory refused) {
            throw memory.explained(refused);
        }
    }

    void requireOpen() {
        if (closed != null) {
            throw new IllegalStateException("engine %s is closed, by close() at %s; open another with Engine.open()"
                    .formatted(device().backend(), closed));
        }
    }

    /** The same value as a new one, which no tape has seen. */
    Tensor stopGradient(Tensor tensor) {
        requireOpen();
        tensor.requireOpen();
        return shared(tensor, tensor.type(), tensor.view());
    }

    /** Another hold on an open tensor, of the same identity, which belongs to no scope; the caller closes it. */
    Tensor hold(Tensor tensor) {
        Held.retain(tensor);
        var lease = new Lease(tensor.lease().storage(), ledger);
        return new Tensor(this, tensor.type(), tensor.view(), lease, tensor.identity());
    }

    /** The plain transpose {@code [k, n]} of a packed weight {@code [n, k]}. */
    Tensor plainTranspose(Tensor packed) {
        var held = new Held(List.of(packed));
        try {
            var output = allocate("permute", TensorType.of(packed.dtype(), packed.extent(1), packed.extent(0)));
            if (output.shape().elements() > 0) {
                backend.execute(new Op.Permute(List.of(1, 0)), List.of(packed.view()), output.view());
            }
            return output;
        } finally {
            held.release();
        }
    }

    /** Memory for values that the caller puts there by {@link #copyElements}, before anybody else sees the tensor. */
    Tensor uninitialised(TensorType type) {
        return allocate("grow", type);
    }

    /** Copies the first elements of a tensor into the memory of another of its type, from an element on. */
    void copyElements(Tensor from, Tensor to, long first, long elements) {
        var held = new Held(List.of(from, to));
        try {
            backend.copy(range(from, 0, elements), range(to, first, elements));
        } finally {
            held.release();
        }
    }

    private static BufferRange range(Tensor tensor, long first, long elements) {
        var type = tensor.dtype();
        return new BufferRange(
                tensor.view().buffer(), type.bytes(tensor.view().offset() + first), type.bytes(elements));
    }

    Tapes tapes() {
        return tapes;
    }

    Scope innermostScope() {
        return innermost.get();
    }

    void leave(Scope scope) {
        if (scope.parent() == null) {
            innermost.remove();
        } else {
            innermost.set(scope.parent());
        }
    }

    /** Gives a tensor to a scope, or to the garbage collector when there is none. */
    Tensor adopt(Tensor tensor, Scope scope) {
        tensor.setOwner(scope);
        if (scope != null) {
            scope.add(tensor);
        } else {
            CLEANER.register(tensor, tensor.lease());
        }
        return tensor;
    }

    private Tensor uploaded(MemorySegment values, int count, TensorType type) {
        if (type.shape().elements() != count) {
            throw new IllegalArgumentException("%d values given for %s, which has %d elements"
                    .formatted(count, type.shape(), type.shape().elements()));
        }
        return tensor(values, type);
    }

    private static List<TensorType> types(Tensor[] inputs) {
        var types = new TensorType[inputs.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = inputs[i].type();
        }
        return List.of(types);
    }

    private static List<TensorView> views(List<Tensor> inputs) {
        var views = new TensorView[inputs.size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = inputs.get(i).view();
        }
        return List.of(views);
    }

    private Tensor allocate(String operation, TensorType type) {
        requireOpen();
        var storage = memory.allocate(operation, type);
        return own(type, TensorView.contiguous(storage.buffer(), 0, type), storage);
    }

    private Tensor shared(Tensor source, TensorType type, TensorView view) {
        var storage = source.lease().storage();
        if (!storage.retain()) {
            source.requireOpen();
        }
        return own(type, view, storage);
    }

    private Tensor own(TensorType type, TensorView view, Storage storage) {
        return adopt(new Tensor(this, type, view, new Lease(storage, ledger)), innermost.get());
    }

    private void requireOwn(Op op, List<Tensor> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            var input = inputs.get(i);
            if (input.engine() != this) {
                throw new IllegalArgumentException("%s: input %d lives on another engine (%s, not %s)"
                        .formatted(op.label(), i, input.engine().device().backend(), device().backend()));
            }
            boolean product = op instanceof Op.MatMul || op instanceof Op.SparseEncode;
            if (input.isPacked() && !(i == 1 && product)) {
                throw new IllegalArgumentException(
                        "%s: input %d is the packed weight %s, which only products accept, on the right"
                                .formatted(op.label(), i, input.type()));
            }
        }
    }

    private static void requireBytes(String operation, MemorySegment host, TensorType type) {
        TensorType.stored(operation, type.dtype(), type.shape());
        if (host.byteSize() != type.bytes()) {
            throw new IllegalArgumentException("%s: %d bytes of host memory for %s, which takes %d"
                    .formatted(operation, host.byteSize(), type, type.bytes()));
        }
    }
}
