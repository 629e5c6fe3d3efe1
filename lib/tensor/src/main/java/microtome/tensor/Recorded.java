package microtome.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One line of a tape: what was done, to which values, and which value came out. */
record Recorded(Act act, List<Slot> inputs, Slot output) {

    /** The values that the gradient rule reads. */
    List<Slot> kept() {
        var which = Kept.by(act, inputs.size());
        var kept = new ArrayList<Slot>();
        for (int i = 0; i < inputs.size(); i++) {
            if (which.input(i)) {
                kept.add(inputs.get(i));
            }
        }
        if (which.output()) {
            kept.add(output);
        }
        return kept;
    }

    /** What was done. */
    sealed interface Act {
        /** One operation. */
        record Computed(Op op) implements Act {}

        /** A block that is computed again when gradients are wanted. */
        record Recomputed(Function<List<Tensor>, Tensor> block) implements Act {}
    }

    /** A value that a tape knows. */
    static final class Slot {
        private final int index;
        private final TensorType type;
        private Tensor held;

        Slot(int index, TensorType type) {
            this.index = index;
            this.type = type;
        }

        int index() {
            return index;
        }

        TensorType type() {
            return type;
        }

        /** What a gradient of this value is: of its own type, or F32 where that cannot be written. */
        TensorType gradientType() {
            return type.dtype().isBlocked() ? new TensorType(DType.F32, type.shape()) : type;
        }

        /** Whether there can be a gradient of this value. */
        boolean isDifferentiable() {
            return type.dtype() != DType.I32;
        }

        /** Keeps the value until the tape closes. */
        void keep(Tensor value) {
            if (held == null) {
                held = value.engine().hold(value);
            }
        }

        Tensor value() {
            if (held == null) {
                throw new AssertionError(type + " was not kept by its tape");
            }
            return held;
        }

        void forget() {
            if (held != null) {
                held.close();
                held = null;
            }
        }
    }
}
