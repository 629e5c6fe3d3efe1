package microtome.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An immutable array of numbers on an engine. Every method computes a new tensor by one {@link Op}; nothing is promoted
 * silently, and shapes broadcast only in elementwise methods. Axes may be negative and then count from the end. Results
 * belong to the innermost open {@link Scope} of the calling thread.
 */
public final class Tensor implements AutoCloseable {
    private static final int SHOWN = 6;

    private final Engine engine;
    private final TensorType type;
    private final TensorView view;
    private final Lease lease;
    private final Object identity;
    private volatile Scope owner;

    /** A new value. */
    Tensor(Engine engine, TensorType type, TensorView view, Lease lease) {
        this(engine, type, view, lease, lease);
    }

    /** Another hold on a value that tapes know by this identity. */
    Tensor(Engine engine, TensorType type, TensorView view, Lease lease, Object identity) {
        this.engine = engine;
        this.type = type;
        this.view = view;
        this.lease = lease;
        this.identity = identity;
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** The shape. */
    public Shape shape() {
        return type.shape();
    }

    /** The element type. */
    public DType dtype() {
        return type.dtype();
    }

    /** Extent of one axis. */
    public long extent(int axis) {
        return type.shape().extent(axis);
    }

    /** The engine that this tensor lives on. */
    public Engine engine() {
        return engine;
    }

    /** Whether this is a weight in the backend's own form, which only products accept, on the right. */
    public boolean isPacked() {
        return view.packed();
    }

    /** Sum of two tensors, which broadcast. */
    public Tensor plus(Tensor other) {
        return binary(Op.Binary.Function.ADD, other);
    }

    /** Adds a number. */
    public Tensor plus(double number) {
        return binary(Op.Binary.Function.ADD, number);
    }

    /** Difference of two tensors, which broadcast. */
    public Tensor minus(Tensor other) {
        return binary(Op.Binary.Function.SUBTRACT, other);
    }

    /** Subtracts a number. */
    public Tensor minus(double number) {
        return binary(Op.Binary.Function.SUBTRACT, number);
    }

    /** Elementwise product of two tensors, which broadcast. */
    public Tensor times(Tensor other) {
        return binary(Op.Binary.Function.MULTIPLY, other);
    }

    /** Multiplies by a number. */
    public Tensor times(double number) {
        return binary(Op.Binary.Function.MULTIPLY, number);
    }

    /** Quotient of two tensors, which broadcast. */
    public Tensor dividedBy(Tensor other) {
        return binary(Op.Binary.Function.DIVIDE, other);
    }

    /** Divides by a number. */
    public Tensor dividedBy(double number) {
        return binary(Op.Binary.Function.DIVIDE, number);
    }

    /** The larger of two values, elementwise; NaN where either is. */
    public Tensor maximum(Tensor other) {
        return binary(Op.Binary.Function.MAXIMUM, other);
    }

    /** The smaller of two values, elementwise; NaN where either is. */
    public Tensor minimum(Tensor other) {
        return binary(Op.Binary.Function.MINIMUM, other);
    }

    /** 1 where this is less than the other, else 0, in the type of both. */
    public Tensor less(Tensor other) {
        return binary(Op.Binary.Function.LESS, other);
    }

    /** {@code -x}. */
    public Tensor negate() {
        return unary(Op.Unary.Function.NEGATE);
    }

    /** {@code |x|}. */
    public Tensor abs() {
        return unary(Op.Unary.Function.ABS);
    }

    /** -1, 0 or 1. */
    public Tensor sign() {
        return unary(Op.Unary.Function.SIGN);
    }

    /** {@code e^x}. */
    public Tensor exp() {
        return unary(Op.Unary.Function.EXP);
    }

    /** Natural logarithm. */
    public Tensor log() {
        return unary(Op.Unary.Function.LOG);
    }

    /** Square root. */
    public Tensor sqrt() {
        return unary(Op.Unary.Function.SQRT);
    }

    /** {@code 1 / x}. */
    public Tensor reciprocal() {
        return unary(Op.Unary.Function.RECIPROCAL);
    }

    /** Hyperbolic tangent. */
    public Tensor tanh() {
        return unary(Op.Unary.Function.TANH);
    }

    /** {@code 1 / (1 + e^-x)}. */
    public Tensor sigmoid() {
        return unary(Op.Unary.Function.SIGMOID);
    }

    /** The error function. */
    public Tensor erf() {
        return unary(Op.Unary.Function.ERF);
    }

    /** Sine of radians. */
    public Tensor sin() {
        return unary(Op.Unary.Function.SIN);
    }

    /** Cosine of radians. */
    public Tensor cos() {
        return unary(Op.Unary.Function.COS);
    }

    /** {@code [..., m, k] x [..., k, n]} gives {@code [..., m, n]} in this tensor's type; a right of two axes serves all. */
    public Tensor matmul(Tensor right) {
        return engine.apply(new Op.MatMul(false, dtype()), this, right);
    }

    /** {@code [..., m, k] x [n, k]}, the way weights are stored, gives {@code [..., m, n]} in this tensor's type. */
    public Tensor matmulTransposed(Tensor right) {
        return engine.apply(new Op.MatMul(true, dtype()), this, right);
    }

    /** As {@link #matmulTransposed(Tensor)}, plus a bias {@code [n]} or an addend of the result's shape. */
    public Tensor matmulTransposed(Tensor right, Tensor addend) {
        return engine.apply(new Op.MatMul(true, dtype()), this, right, addend);
    }

    /** Sum along an axis, which stays with extent 1. */
    public Tensor sum(int axis) {
        return reduce(Op.Reduce.Kind.SUM, axis);
    }

    /** Largest value along an axis, which stays with extent 1. */
    public Tensor max(int axis) {
        return reduce(Op.Reduce.Kind.MAX, axis);
    }

    /** {@code log(sum(e^x))} along an axis, which stays with extent 1. */
    public Tensor logSumExp(int axis) {
        return reduce(Op.Reduce.Kind.LOGSUMEXP, axis);
    }

    /** Mean along an axis, which stays with extent 1; NaN when the axis is empty. */
    public Tensor mean(int axis) {
        try (var scope = engine.openScope()) {
            return scope.keep(sum(axis).dividedBy(extent(axis)));
        }
    }

    /** {@code e^x / sum(e^x)} along an axis. */
    public Tensor softmax(int axis) {
        return engine.apply(new Op.Softmax(axis("softmax", axis)), this);
    }

    /** The same values in another type; block types are decoded. */
    public Tensor cast(DType to) {
        return engine.apply(new Op.Cast(to), this);
    }

    /** The same elements in another shape, without moving them; one extent may be -1 and is then computed. */
    public Tensor reshape(long... extents) {
        return engine.apply(new Op.Reshape(shape().reshaped(extents)), this);
    }

    /** Axis {@code i} of the result is axis {@code axes[i]} of this. */
    public Tensor permute(int... axes) {
        return engine.apply(new Op.Permute(IntStream.of(axes).boxed().toList()), this);
    }

    /** Elements {@code from} (included) to {@code to} (excluded) of an axis; of the outermost axis without a copy. */
    public Tensor slice(int axis, long from, long to) {
        return engine.apply(new Op.Slice(axis("slice", axis), from, to), this);
    }

    /** Repeats axes of extent 1 and adds leading axes. */
    public Tensor broadcast(long... extents) {
        return engine.apply(new Op.Broadcast(Shape.of(extents)), this);
    }

    /** Tensors one after another along an axis. */
    public static Tensor concat(int axis, List<Tensor> tensors) {
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException("concat: no tensors given, it takes at least one");
        }
        var first = tensors.getFirst();
        return first.engine.apply(new Op.Concat(first.axis("concat", axis)), tensors.toArray(Tensor[]::new));
    }

    /** Rows of this table {@code [rows, width]} by I32 indices {@code [...]}: {@code [..., width]}. */
    public Tensor gather(Tensor indices) {
        return engine.apply(new Op.Gather(), this, indices);
    }

    /** More elements of one value at the two ends of an axis. */
    public Tensor pad(int axis, long before, long after, double value) {
        return engine.apply(new Op.Pad(axis("pad", axis), before, after, value), this);
    }

    /**
     * A copy of this table {@code [rows, width]} with rows added to its own.
     *
     * @param indices I32 {@code [...]}, which row each update goes to; a row may be named often
     * @param updates {@code [..., width]}
     */
    public Tensor scatterAdd(Tensor indices, Tensor updates) {
        return engine.apply(new Op.ScatterAdd(), this, indices, updates);
    }

    /** The first choice where this is not zero, else the second; the three shapes broadcast. */
    public Tensor where(Tensor first, Tensor second) {
        return engine.apply(new Op.Where(), this, first, second);
    }

    /**
     * Places of the largest values of the last axis, largest first, the lowest place among equals: I32 {@code [..., count]}.
     * Their values are {@code takeAlong(places)}.
     */
    public Tensor topK(int count) {
        return engine.apply(new Op.TopK(count), this);
    }

    /**
     * The values at places of the last axis.
     *
     * @param places I32 {@code [..., count]}, with the leading axes of this tensor
     */
    public Tensor takeAlong(Tensor places) {
        return Taking.along(this, places);
    }

    /** The same value, through which no gradient flows. */
    public Tensor stopGradient() {
        return engine.stopGradient(this);
    }

    /** All values in row-major order; any type, decoded and rounded to float. Waits for the device. */
    public float[] toFloats() {
        return Reading.floats(this);
    }

    /** All values in row-major order; any type. Waits for the device. */
    public double[] toDoubles() {
        return Reading.doubles(this);
    }

    /** All values in row-major order; I32 only. Waits for the device. */
    public int[] toInts() {
        return Reading.ints(this);
    }

    /** Copies the stored bytes into host memory of the same size. Waits for the device. */
    public void download(MemorySegment target) {
        engine.download(this, target);
    }

    /**
     * The stored bytes where they lie, read only and without a copy, where the backend keeps them in memory that Java can
     * read; empty where it does not, and then {@link #download} copies them. Stays valid while the segment is reachable,
     * whatever becomes of this tensor. Waits for the device.
     */
    public Optional<MemorySegment> memory() {
        return engine.memory(this);
    }

    /** Why a tensor that was closed by hand is closed. */
    private record Closing(Caller caller) {
        @Override
        public String toString() {
            return "close() was called on it at " + caller;
        }
    }

    /** Frees this tensor now instead of at the end of its scope; storage shared with views stays for them. */
    @Override
    public void close() {
        if (!isClosed()) {
            lease.end(new Closing(Caller.ofEngine()));
        }
    }

    /** Frees a tensor that nobody else has seen, without noting where. */
    void discard() {
        lease.end("it was an intermediate result");
    }

    /** Whether the tensor has been freed. */
    public boolean isClosed() {
        return lease.ended() != null;
    }

    /** The type and the first values; waits for the device. */
    @Override
    public String toString() {
        if (isClosed()) {
            return type + " (closed: " + lease.ended() + ")";
        }
        if (isPacked()) {
            return type + " packed";
        }
        return type + " " + Reading.firstValues(this, SHOWN);
    }

    void requireOpen() {
        var reason = lease.ended();
        if (reason != null) {
            throw new IllegalStateException(
                    "tensor %s is closed: %s; use it before, or hand it on with scope.keep(tensor)"
                            .formatted(type, reason));
        }
        engine.requireOpen();
    }

    TensorView view() {
        return view;
    }

    /** What tapes know this value by. */
    Object identity() {
        return identity;
    }

    Lease lease() {
        return lease;
    }

    Scope owner() {
        return owner;
    }

    void setOwner(Scope scope) {
        owner = scope;
    }

    private int axis(String operation, int axis) {
        return shape().axis(operation, axis);
    }

    private Tensor unary(Op.Unary.Function function) {
        return engine.apply(new Op.Unary(function), this);
    }

    private Tensor binary(Op.Binary.Function function, Tensor other) {
        return engine.apply(new Op.Binary(function), this, other);
    }

    private Tensor binary(Op.Binary.Function function, double number) {
        var scalar = engine.filled(number, dtype());
        try {
            return binary(function, scalar);
        } finally {
            scalar.discard();
        }
    }

    private Tensor reduce(Op.Reduce.Kind kind, int axis) {
        return engine.apply(new Op.Reduce(kind, axis(kind.label(), axis)), this);
    }
}
