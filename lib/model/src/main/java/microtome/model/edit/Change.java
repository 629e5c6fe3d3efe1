package microtome.model.edit;

import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import microtome.tensor.Tensor;

/** What an edit does to the values at its place. */
public sealed interface Change {

    /** Puts 0 there. Scores that attention may not see stay masked. */
    record Zero() implements Change {}

    /**
     * Adds a vector, times a coefficient, to every selected row.
     *
     * @see <a href="https://arxiv.org/abs/2308.10248">Turner et al. 2023</a>
     */
    record Add(Direction direction, double coefficient) implements Change {
        /** Checks the coefficient. */
        public Add {
            requireFinite("add", coefficient);
        }
    }

    /** Multiplies by a number. */
    record Scale(double factor) implements Change {
        /** Checks the factor. */
        public Scale {
            requireFinite("scale", factor);
        }
    }

    /** Puts given values there, such as those of another run: activation patching. */
    record Replace(Given values) implements Change {}

    /**
     * Puts a mean there that was taken over other runs: mean ablation.
     *
     * @see <a href="https://arxiv.org/abs/2211.00593">Wang et al. 2022</a>
     */
    record Mean(Given mean) implements Change {}

    /**
     * Holds a value at what it is without the other edits, so that these reach only what does not pass here.
     *
     * @param run the values of a given run, or empty for this very run without edits
     */
    record Freeze(Optional<Given> run) implements Change {}

    /** Takes the part along a direction away: {@code x - (x . d) d} with d of length 1. */
    record ProjectOut(Direction direction) implements Change {
        /** Checks that it points somewhere. */
        public ProjectOut {
            direction.unit();
        }
    }

    /** Keeps only the part along a direction: {@code (x . d) d} with d of length 1. */
    record KeepOnly(Direction direction) implements Change {
        /** Checks that it points somewhere. */
        public KeepOnly {
            direction.unit();
        }
    }

    /**
     * Any function of the whole value, {@code [sequences, positions, ...]}; of its answer, which has the same shape and type,
     * the selected part is taken. Cannot be saved.
     *
     * @param name for explanations
     */
    record Custom(String name, UnaryOperator<Tensor> function) implements Change {
        /** Checks that there is a function with a name. */
        public Custom {
            Objects.requireNonNull(name, "name of a custom edit");
            Objects.requireNonNull(function, "function of the custom edit " + name);
        }
    }

    /** What is done, in words. */
    default String words() {
        return switch (this) {
            case Zero() -> "set to 0";
            case Add(Direction direction, double coefficient) -> "add %s times %s".formatted(coefficient, direction);
            case Scale(double factor) -> "multiply by " + factor;
            case Replace(Given values) -> "replace by " + values;
            case Mean(Given mean) -> "replace by the mean, " + mean;
            case Freeze(var run) ->
                run.map(given -> "freeze to " + given).orElse("freeze to its own value without edits");
            case ProjectOut(Direction direction) -> "project out " + direction;
            case KeepOnly(Direction direction) -> "keep only the part along " + direction;
            case Custom(String name, var _) -> "custom function " + name;
        };
    }

    private static void requireFinite(String what, double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("%s: %s is no number to compute with".formatted(what, number));
        }
    }
}
