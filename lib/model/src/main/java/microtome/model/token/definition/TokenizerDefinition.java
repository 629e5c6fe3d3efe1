package microtome.model.token.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A tokenizer in the form that the native library takes, and what Java has to know beside it.
 *
 * @param json makes the text of a {@code tokenizer.json}, with or without its special tokens
 * @param template the chat template, null when there is none
 */
public record TokenizerDefinition(Path source, Json json, Entries entries, Frame frame, String template) {

    /** The text for the native library. It is large, so it is made when needed and not kept. */
    public interface Json {

        /** With the special tokens, or without them, so that their text is text like any other. */
        String text(boolean withSpecialTokens);
    }

    /** The vocabulary, how its entries stand for bytes, and the entries that are matched before all others. */
    public record Entries(Vocabulary vocabulary, Pieces pieces, AddedTokens added, Supplier<List<String>> rules) {}

    /**
     * Beginning and end of a sequence.
     *
     * @param before the rule that puts tokens before every text, null when none does
     * @param after the rule that puts tokens behind every text, null when none does
     */
    public record Frame(OptionalInt beginning, OptionalInt end, String before, String after) {}
}
