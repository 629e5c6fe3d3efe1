package microtome.tensor.foreign;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import microtome.tensor.BackendException;

/** Work of an earlier call failed while a later one waited for it, as happens on devices that work on their own. */
final class LateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param function the C function whose work failed */
    LateFailure(String function, String reason) {
        super("%s: %s".formatted(label(function), reason));
    }

    /** The same without the call that it came out of. */
    BackendException ofItsOperation() {
        return new BackendException(getMessage(), this);
    }

    /** The word that messages use, such as {@code scatterAdd} for {@code mt_scatter_add}. */
    private static String label(String function) {
        var words = function.split("_");
        return words[1]
                + Arrays.stream(words, 2, words.length)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
