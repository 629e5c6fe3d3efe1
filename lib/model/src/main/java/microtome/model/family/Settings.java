package microtome.model.family;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Configuration values of a model file by key, whatever kind of file holds them. */
public interface Settings {
    /** A number. */
    OptionalDouble number(String key);

    /** A text. */
    Optional<String> text(String key);

    /** A truth value. */
    Optional<Boolean> flag(String key);

    /** A list of texts; empty when there is none. */
    List<String> texts(String key);

    /** A list of numbers; empty when there is none. */
    List<Double> numbers(String key);

    /** A list of truth values; empty when there is none. */
    List<Boolean> flags(String key);

    /** Whether the key is there and says that there is nothing. */
    boolean isNull(String key);

    /** The settings inside an object of this name; these when there is none. */
    default Settings within(String object) {
        return this;
    }

    /** Where the values come from, for messages. */
    String source();

    /** A whole number that must be there. */
    default int required(String key) {
        double value = number(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: the key '%s' is missing; a model of this family needs it".formatted(source(), key)));
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%s: '%s' is %s, expected a whole number".formatted(source(), key, value));
        }
        return (int) value;
    }

    /** A fraction, or this one. */
    default double fraction(String key, double otherwise) {
        return number(key).orElse(otherwise);
    }

    /** Refuses a setting that asks for what is not computed. */
    default void refuse(String key, String what) {
        if (flag(key).orElse(false)) {
            throw new IllegalArgumentException(
                    "%s: '%s' is true, but %s cannot be computed for this family".formatted(source(), key, what));
        }
    }

    /** A whole number, or this one. */
    default int number(String key, int otherwise) {
        return number(key).isPresent() ? required(key) : otherwise;
    }
}
