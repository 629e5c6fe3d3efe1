package microtome.model.family;

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

    /** A whole number, or this one. */
    default int number(String key, int otherwise) {
        return number(key).isPresent() ? required(key) : otherwise;
    }
}
