package microtome.tensor;

import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** The open tapes of one engine, each belonging to the thread that opened it. */
final class Tapes {
    private final Engine engine;
    private final ThreadLocal<Tape> innermost = new ThreadLocal<>();
    private final AtomicInteger open = new AtomicInteger();

    Tapes(Engine engine) {
        this.engine = engine;
    }

    Tape open(Object place) {
        var tape = new Tape(engine, innermost.get(), place);
        innermost.set(tape);
        open.incrementAndGet();
        return tape;
    }

    /** The innermost open tape of this thread, or null. */
    Tape innermost() {
        return open.get() == 0 ? null : innermost.get();
    }

    void leave(Tape tape) {
        open.decrementAndGet();
        if (tape.parent() == null) {
            innermost.remove();
        } else {
            innermost.set(tape.parent());
        }
    }

    /** Writes a computed operation on every tape of this thread that listens. */
    void record(Op op, List<Tensor> inputs, Tensor output) {
        var tape = innermost();
        if (tape != null && !(op instanceof Op.Fill) && output.dtype().isFloating()) {
            record(new Recorded.Act.Computed(op), inputs, output);
        }
    }

    private void record(Recorded.Act act, List<Tensor> inputs, Tensor output) {
        for (var tape = innermost(); tape != null; tape = tape.parent()) {
            tape.add(act, inputs, output);
        }
    }

    /** Computes something that no tape of this thread sees. */
    <T> T unrecorded(Supplier<T> making) {
        var last = innermost();
        for (var tape = last; tape != null; tape = tape.parent()) {
            tape.pause();
        }
        try {
            return making.get();
        } finally {
            for (var tape = last; tape != null; tape = tape.parent()) {
                tape.resume();
            }
        }
    }

    Tensor checkpoint(List<Tensor> inputs, Function<List<Tensor>, Tensor> block) {
        var given = List.copyOf(inputs);
        var identities = new HashSet<Object>();
        for (var input : given) {
            input.requireOpen();
            if (!identities.add(input.identity())) {
                throw new IllegalArgumentException(
                        "checkpoint: %s is given twice; name every input once".formatted(input.type()));
            }
        }
        try (var scope = engine.openScope()) {
            var output = unrecorded(() -> block.apply(given));
            var result = engine.stopGradient(output); // a value of its own, should the block give back an input
            record(new Recorded.Act.Recomputed(block), given, result);
            return scope.keep(result);
        }
    }
}
