package microtome.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Frees every tensor that was made while it was the innermost open scope of its thread:
 *
 * <pre>{@code
 * try (var scope = engine.openScope()) {
 *     var centred = x.minus(x.mean(1));
 *     return scope.keep(centred.times(centred).mean(1));   // centred is freed here, the result is not
 * }
 * }</pre>
 *
 * <p>Tensors made outside any scope are freed when they become unreachable.
 */
public final class Scope implements AutoCloseable {
    private static final int FIRST_PRUNING = 256;

    private final Engine engine;
    private final Scope parent;
    private final Thread thread;
    private final Object opened;
    private final List<Tensor> tensors = new ArrayList<>();
    private int pruneAt = FIRST_PRUNING;
    private boolean closed;

    Scope(Engine engine, Scope parent, Object opened) {
        this.engine = engine;
        this.parent = parent;
        this.thread = Thread.currentThread();
        this.opened = opened;
    }

    /**
     * Hands a tensor to the enclosing scope, so that it outlives this one.
     *
     * @return the same tensor
     */
    public Tensor keep(Tensor tensor) {
        requireThread("keep");
        if (closed) {
            throw new IllegalStateException(this + " has ended; call keep before its close()");
        }
        tensor.requireOpen();
        if (tensor.engine() != engine) {
            throw new IllegalArgumentException("keep: the tensor belongs to another engine than " + this);
        }
        if (isInside(tensor.owner())) {
            engine.adopt(tensor, parent);
        }
        return tensor;
    }

    /**
     * Takes a tensor from a scope inside this one, so that it lives as long as this scope. How a listener holds on to a
     * value that was made deeper in.
     *
     * @return the same tensor
     */
    public Tensor adopt(Tensor tensor) {
        requireThread("adopt");
        if (closed) {
            throw new IllegalStateException(this + " has ended; it cannot adopt");
        }
        tensor.requireOpen();
        if (tensor.owner() != this && isInside(tensor.owner())) {
            engine.adopt(tensor, this);
        }
        return tensor;
    }

    /** Why tensors of a scope are closed. */
    private record Ended(Scope scope) {
        @Override
        public String toString() {
            return scope + " ended";
        }
    }

    /** Frees the tensors of this scope, and of scopes inside it that are still open. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireThread("close");
        for (var inner = engine.innermostScope(); inner != this; inner = engine.innermostScope()) {
            inner.close();
        }
        closed = true;
        engine.leave(this);
        var reason = new Ended(this);
        for (var tensor : tensors) {
            if (tensor.owner() == this) {
                tensor.lease().end(reason);
            }
        }
        tensors.clear();
    }

    void add(Tensor tensor) {
        if (tensors.size() >= pruneAt) {
            tensors.removeIf(held -> held.owner() != this || held.isClosed());
            pruneAt = Math.max(FIRST_PRUNING, 2 * tensors.size());
        }
        tensors.add(tensor);
    }

    Scope parent() {
        return parent;
    }

    /** Whether a tensor of {@code owner} would end with this scope. */
    private boolean isInside(Scope owner) {
        for (var scope = owner; scope != null; scope = scope.parent) {
            if (scope == this) {
                return true;
            }
        }
        return false;
    }

    private void requireThread(String act) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "%s: %s belongs to thread '%s', this is thread '%s'; open a scope per thread"
                            .formatted(
                                    act,
                                    this,
                                    thread.getName(),
                                    Thread.currentThread().getName()));
        }
    }

    @Override
    public String toString() {
        return "the scope opened at " + opened;
    }
}
