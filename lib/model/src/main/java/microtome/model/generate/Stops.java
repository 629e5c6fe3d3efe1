package microtome.model.generate;

import java.util.List;

/**
 * What ends a sequence before its length.
 *
 * @param endOfText whether the model's own end-of-text tokens do
 * @param texts texts that do, wherever they begin and end within tokens
 */
public record Stops(boolean endOfText, List<String> texts) {
    /** The model's own end-of-text tokens. */
    public static final Stops END_OF_TEXT = new Stops(true, List.of());

    /** Checks that no text is empty. */
    public Stops {
        texts = List.copyOf(texts);
        if (texts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "a stop string is empty, so every text would end before it begins; give at least one character");
        }
    }
}
