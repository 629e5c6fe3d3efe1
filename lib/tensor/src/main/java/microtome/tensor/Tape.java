package microtome.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one thread computed while the tape was open, and the gradients of it (reverse mode):
 *
 * <pre>{@code
 * try (var tape = engine.record()) {
 *     var loss = Layers.crossEntropy(x.matmulTransposed(weight), targets).mean(0);
 *     var gradients = tape.gradients(loss, List.of(x, weight));
 * }
 * }</pre>
 *
 * <p>The values that gradients need stay alive until the tape is closed, whoever closes their tensors; {@link #freeing} lets
 * go of them earlier. Gradients may be taken of any value that took part, also of one in the middle, and as often as one
 * likes over the same stored values; they belong to the caller's scope. What {@link #gradients} itself computes is recorded
 * by outer tapes, not by this one.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898717761">Griewank and Walther 2008, Evaluating Derivatives</a>
 */
public final class Tape implements AutoCloseable {
    private final Engine engine;
    private final Tape parent;
    private final Thread thread = Thread.currentThread();
    private final Object opened;
    private final List<Recorded> lines = new ArrayList<>();
    private final Map<Object, Recorded.Slot> slots = new IdentityHashMap<>();
    private int pauses;
    private boolean freeing;
    private boolean spent;
    private boolean closed;

    Tape(Engine engine, Tape parent, Object opened) {
        this.engine = engine;
        this.parent = parent;
        this.opened = opened;
    }

    /**
     * From now on a pass backwards lets go of every stored value once it has come by: the peak of memory is that of the end
     * of the forward pass, and the pass is the last one of this tape.
     *
     * @return this tape
     */
    public Tape freeing() {
        freeing = true;
        return this;
    }

    /** The gradient of a scalar with respect to one value. */
    public Tensor gradient(Tensor scalar, Tensor of) {
        return gradients(scalar, List.of(of)).getFirst();
    }

    /**
     * The gradients of a scalar with respect to values, in their order, all from one pass backwards. Zeros where the scalar
     * does not depend on a value.
     *
     * @param scalar a recorded tensor of one element
     * @param of recorded tensors; a gradient has the shape and type of its value (F32 for one that is stored in blocks; a
     *     packed weight's gradient is plain)
     */
    public List<Tensor> gradients(Tensor scalar, List<Tensor> of) {
        requireScalar(scalar);
        try (var one = seed(scalar)) {
            return gradients(List.of(scalar), List.of(one), of);
        }
    }

    /**
     * The gradients of several scalars in one pass backwards over the same stored values.
     *
     * @param scalars recorded tensors of one element
     * @return for every value {@code [scalars, ...]}: row i is the gradient of scalar i
     */
    public List<Tensor> gradientsOfEach(List<Tensor> scalars, List<Tensor> of) {
        scalars.forEach(Tape::requireScalar);
        try (var scope = engine.openScope()) {
            var upstreams = new ArrayList<Tensor>();
            for (int i = 0; i < scalars.size(); i++) {
                upstreams.add(rowOfIdentity(scalars, i));
            }
            var gradients = gradientsOfBatch(scalars, upstreams, of);
            gradients.forEach(scope::keep);
            return gradients;
        }
    }

    /**
     * The gradients of {@code sum over i of <outputs_i, upstreams_i>}: a product of the transposed Jacobian and vectors.
     *
     * @param outputs recorded tensors of any shape
     * @param upstreams constants, one per output, of its shape and type
     */
    public List<Tensor> gradients(List<Tensor> outputs, List<Tensor> upstreams, List<Tensor> of) {
        return backward(Batch.NONE, outputs, upstreams, of);
    }

    /**
     * As {@link #gradients(List, List, List)} for many upstreams at once, in one pass backwards over the same stored values:
     * they and the gradients have one more axis in front. Stored values are not repeated, except the operands of products
     * of two activations while their gradient is computed.
     *
     * @param upstreams constants, one per output, {@code [count, ...]} of its shape and type
     * @return for every value {@code [count, ...]}
     */
    public List<Tensor> gradientsOfBatch(List<Tensor> outputs, List<Tensor> upstreams, List<Tensor> of) {
        if (upstreams.isEmpty()
                || upstreams.stream().anyMatch(upstream -> upstream.shape().rank() == 0)) {
            throw new IllegalArgumentException(
                    "gradients: a batch needs at least one output, and upstreams with an axis of their number in front");
        }
        return backward(Batch.of(upstreams.getFirst().extent(0)), outputs, upstreams, of);
    }

    List<Tensor> backward(Batch batch, List<Tensor> outputs, List<Tensor> upstreams, List<Tensor> of) {
        requireThread("gradients");
        if (outputs.size() != upstreams.size()) {
            throw new IllegalArgumentException("gradients: %d outputs but %d upstreams; give one per output"
                    .formatted(outputs.size(), upstreams.size()));
        }
        var starts = outputs.stream().map(tensor -> slot("output", tensor)).toList();
        var ends = of.stream().map(tensor -> slot("value", tensor)).toList();
        for (int i = 0; i < starts.size(); i++) {
            requireUpstream(starts.get(i), batch, upstreams.get(i));
        }
        pause();
        spent = freeing;
        try {
            return new Backward(engine, batch, Collections.unmodifiableList(lines), slots.size(), freeing)
                    .run(starts, upstreams, ends);
        } finally {
            resume();
        }
    }

    /** {@code [scalars, ...]} for one of the scalars: 1 in its own row. */
    private Tensor rowOfIdentity(List<Tensor> scalars, int row) {
        requireThread("gradients");
        var one = new float[scalars.size()];
        one[row] = 1;
        var shape = scalars.get(row).shape().precededBy(one.length);
        pause();
        try {
            return engine.tensor(one, shape.extents()).cast(scalars.get(row).dtype());
        } finally {
            resume();
        }
    }

    /** Stops recording and frees what only this tape kept alive; inner tapes that are still open end with it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireThread("close");
        for (var inner = engine.tapes().innermost();
                inner != this;
                inner = engine.tapes().innermost()) {
            inner.close();
        }
        closed = true;
        engine.tapes().leave(this);
        slots.values().forEach(Recorded.Slot::forget);
        slots.clear();
        lines.clear();
    }

    Tape parent() {
        return parent;
    }

    void pause() {
        pauses++;
    }

    void resume() {
        pauses--;
    }

    void add(Recorded.Act act, List<Tensor> inputs, Tensor output) {
        if (pauses > 0 || spent) {
            return;
        }
        var kept = Kept.by(act, inputs.size());
        var from = new ArrayList<Recorded.Slot>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            var slot = slot(inputs.get(i));
            if (kept.input(i)) {
                slot.keep(inputs.get(i));
            }
            from.add(slot);
        }
        var to = slot(output);
        if (kept.output()) {
            to.keep(output);
        }
        lines.add(new Recorded(act, List.copyOf(from), to));
    }

    /** Whether the tape has seen this value. */
    boolean knows(Tensor tensor) {
        return slots.containsKey(tensor.identity());
    }

    private Recorded.Slot slot(Tensor tensor) {
        return slots.computeIfAbsent(tensor.identity(), _ -> new Recorded.Slot(slots.size(), tensor.type()));
    }

    private Recorded.Slot slot(String role, Tensor tensor) {
        var slot = slots.get(tensor.identity());
        if (slot == null) {
            throw new IllegalArgumentException(
                    "gradients: %s %s was not seen by %s; compute with it while the tape is open"
                            .formatted(role, tensor.type(), this));
        }
        if (!slot.isDifferentiable()) {
            throw new IllegalArgumentException("gradients: %s %s has no gradient; only floating point values have one"
                    .formatted(role, tensor.type()));
        }
        return slot;
    }

    private Tensor seed(Tensor scalar) {
        requireThread("gradients");
        pause();
        try {
            return engine.filled(1, scalar.dtype(), scalar.shape().extents());
        } finally {
            resume();
        }
    }

    private static void requireScalar(Tensor scalar) {
        if (scalar.shape().elements() != 1) {
            throw new IllegalArgumentException(
                    "gradients: %s is not a scalar; sum it, or give upstreams of its shape".formatted(scalar.type()));
        }
    }

    private static void requireUpstream(Recorded.Slot output, Batch batch, Tensor upstream) {
        var wanted = new TensorType(
                output.gradientType().dtype(), batch.shape(output.type().shape()));
        if (!wanted.equals(upstream.type())) {
            throw new IllegalArgumentException("gradients: upstream is %s; the output is %s and needs %s"
                    .formatted(upstream.type(), output.type(), wanted));
        }
    }

    private void requireThread(String act) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("%s: %s belongs to thread '%s', this is thread '%s'; open a tape per thread"
                    .formatted(
                            act, this, thread.getName(), Thread.currentThread().getName()));
        }
        if (spent && !act.equals("close")) {
            throw new IllegalStateException(
                    "%s: %s let go of its values on its last pass; without freeing() it can go again"
                            .formatted(act, this));
        }
        if (closed && !act.equals("close")) {
            throw new IllegalStateException(
                    "%s: %s was closed; take gradients before its close()".formatted(act, this));
        }
    }

    @Override
    public String toString() {
        return "the tape opened at " + opened;
    }
}
