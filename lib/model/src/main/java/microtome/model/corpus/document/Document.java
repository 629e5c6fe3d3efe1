package microtome.model.corpus.document;

import java.util.Objects;
import microtome.model.token.TokenSequence;

/**
 * One document of a corpus.
 *
 * @param number its place in the corpus, from 0; empty documents count too
 * @param source where it stands, such as {@code notes.txt:17}
 * @param content what it says
 */
public record Document(long number, String source, Content content) {

    /** A text, or tokens that somebody chose already. */
    public sealed interface Content {
        /** A text that the model's tokenizer will read; special tokens in it stay text. */
        record Text(String text) implements Content {
            public Text {
                Objects.requireNonNull(text, "text of a document");
            }
        }

        /** Tokens as the model shall read them. */
        record Tokens(TokenSequence tokens) implements Content {
            public Tokens {
                Objects.requireNonNull(tokens, "tokens of a document");
            }
        }
    }

    public Document {
        if (number < 0) {
            throw new IllegalArgumentException("document %d: documents count from 0".formatted(number));
        }
    }

    /** Whether there is nothing to read: no token, or only white space. */
    public boolean isEmpty() {
        return switch (content) {
            case Content.Text(String text) -> text.isBlank();
            case Content.Tokens(TokenSequence tokens) -> tokens.isEmpty();
        };
    }

    /** The text; of tokens what they spell. */
    public String text() {
        return switch (content) {
            case Content.Text(String text) -> text;
            case Content.Tokens(TokenSequence tokens) -> tokens.text();
        };
    }
}
