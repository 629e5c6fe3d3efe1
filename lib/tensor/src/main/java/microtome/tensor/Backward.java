package microtome.tensor;

import java.util.List;

/** One pass backwards over the lines of a tape. */
final class Backward {
    private final Engine engine;
    private final Batch batch;
    private final List<Recorded> lines;
    private final Tensor[] gradients; // by slot; each a hold of this pass
    private final boolean[] needed; // slots that depend on the values whose gradients are asked for
    private final boolean[] asked;
    private final int[] firstReader; // by slot, the first line that keeps it; null when values stay

    /** With {@code freeing}, stored values are let go of when no line before needs them. */
    Backward(Engine engine, Batch batch, List<Recorded> lines, int slots, boolean freeing) {
        this.batch = batch;
        this.engine = engine;
        this.lines = lines;
        this.gradients = new Tensor[slots];
        this.needed = new boolean[slots];
        this.asked = new boolean[slots];
        this.firstReader = freeing ? firstReaders(lines, slots) : null;
    }

    private static int[] firstReaders(List<Recorded> lines, int slots) {
        var first = new int[slots];
        for (int i = lines.size() - 1; i >= 0; i--) {
            for (var slot : lines.get(i).kept()) {
                first[slot.index()] = i;
            }
        }
        return first;
    }

    List<Tensor> run(List<Recorded.Slot> outputs, List<Tensor> upstreams, List<Recorded.Slot> of) {
        markNeeded(of);
        try {
            for (int i = 0; i < outputs.size(); i++) {
                try (var _ = engine.openScope("a gradient")) {
                    accumulate(outputs.get(i), upstreams.get(i));
                }
            }
            for (int i = lines.size() - 1; i >= 0; i--) {
                goBack(lines.get(i));
                forgetUpTo(i);
            }
            return of.stream().map(this::result).toList();
        } finally {
            for (var gradient : gradients) {
                if (gradient != null) {
                    gradient.close();
                }
            }
        }
    }

    private void markNeeded(List<Recorded.Slot> of) {
        for (var slot : of) {
            asked[slot.index()] = true;
            needed[slot.index()] = true;
        }
        for (var line : lines) {
            for (var input : line.inputs()) {
                needed[line.output().index()] |= needed[input.index()] && input.isDifferentiable();
            }
        }
    }

    private void goBack(Recorded line) {
        int from = line.output().index();
        var upstream = gradients[from];
        if (upstream == null) {
            return;
        }
        if (Thread.interrupted()) {
            throw new WaitInterruptedException("the pass backwards was stopped");
        }
        try (var _ = engine.openScope("a gradient")) {
            var step = step(line, upstream);
            var answer = GradientRule.of(step);
            for (int i = 0; i < answer.length; i++) {
                var slot = line.inputs().get(i);
                if (answer[i] != null && step.includes()[i]) {
                    replace(slot, answer[i]);
                } else if (answer[i] != null) {
                    accumulate(slot, answer[i]);
                }
            }
        }
        if (!asked[from]) {
            upstream.close();
            gradients[from] = null;
        }
    }

    private void forgetUpTo(int line) {
        if (firstReader == null) {
            return;
        }
        for (var slot : lines.get(line).kept()) {
            if (firstReader[slot.index()] == line) {
                slot.forget();
            }
        }
    }

    private Backstep step(Recorded line, Tensor upstream) {
        int inputs = line.inputs().size();
        var wanted = new boolean[inputs];
        var before = new Tensor[inputs];
        for (int i = 0; i < inputs; i++) {
            var input = line.inputs().get(i);
            wanted[i] = needed[input.index()] && input.isDifferentiable();
            before[i] = gradients[input.index()];
        }
        return new Backstep(line, upstream, wanted, before, new boolean[inputs], batch);
    }

    /** Adds to the gradient of a value, in the value's own type. */
    private void accumulate(Recorded.Slot slot, Tensor gradient) {
        if (!needed[slot.index()]) {
            return;
        }
        var wanted = slot.gradientType();
        var own = batch.sumTo(gradient, wanted.shape()).cast(wanted.dtype());
        var before = gradients[slot.index()];
        replace(slot, before == null ? own : before.plus(own));
    }

    private void replace(Recorded.Slot slot, Tensor gradient) {
        var before = gradients[slot.index()];
        gradients[slot.index()] = engine.hold(gradient);
        if (before != null) {
            before.close();
        }
    }

    private Tensor result(Recorded.Slot slot) {
        var gradient = gradients[slot.index()];
        if (gradient == null) {
            var shape = batch.shape(slot.type().shape());
            return engine.filled(0, slot.gradientType().dtype(), shape.extents());
        }
        return engine.adopt(engine.hold(gradient), engine.innermostScope());
    }
}
