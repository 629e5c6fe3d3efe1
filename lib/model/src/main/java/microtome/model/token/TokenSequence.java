package microtome.model.token;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The tokens of one prompt, in order.
 *
 * @param text what the model reads: all tokens decoded, those that a rule added included
 * @param places for every token where it lies in the UTF-8 of the text that was given to the tokenizer (of a
 *     conversation: of what its template rendered); empty when the sequence was made of ids and not of a text
 */
public record TokenSequence(List<Token> tokens, String text, List<Place> places) {

    /** Copies the lists; there is a place for every token or for none. */
    public TokenSequence {
        tokens = List.copyOf(tokens);
        places = List.copyOf(places);
        Objects.requireNonNull(text, "text");
        if (!places.isEmpty() && places.size() != tokens.size()) {
            throw new IllegalArgumentException(
                    "%d places for %d tokens: give one for each, or none".formatted(places.size(), tokens.size()));
        }
    }

    /** Tokens that were not made of a text. */
    public TokenSequence(List<Token> tokens, String text) {
        this(tokens, text, List.of());
    }

    /** Tokens of which only the ids are known, for a model without a tokenizer; each shows as its number. */
    public static TokenSequence ofIds(int... ids) {
        List<Token> tokens = Arrays.stream(ids)
                .mapToObj(id -> new Token(id, "#" + id, new byte[0], false, null))
                .toList();
        return new TokenSequence(tokens, tokens.stream().map(Token::text).collect(Collectors.joining(" ")));
    }

    /** Number of tokens. */
    public int size() {
        return tokens.size();
    }

    /** Whether there is no token. */
    public boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** The token at a position; negative positions count from the end. */
    public Token token(int position) {
        int index = position < 0 ? position + size() : position;
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("position %d does not exist; the sequence has %s"
                    .formatted(position, isEmpty() ? "no tokens" : "positions 0..%d".formatted(size() - 1)));
        }
        return tokens.get(index);
    }

    /**
     * Where the token at a position lies in the UTF-8 of the text that was given; negative positions count from the end.
     *
     * @throws IllegalStateException when the sequence was made of ids and not of a text
     */
    public Place place(int position) {
        token(position);
        if (places.isEmpty()) {
            throw new IllegalStateException(
                    "this sequence was made of ids and lies in no text; encode the text, or use byteOffsets()");
        }
        return places.get(position < 0 ? position + size() : position);
    }

    /** Ids of all tokens. */
    public int[] ids() {
        return tokens.stream().mapToInt(Token::id).toArray();
    }

    /**
     * For every token the number of bytes before it in the UTF-8 of the tokens one behind the other; one more entry for
     * the end. {@code [size + 1]}
     */
    public int[] byteOffsets() {
        int[] offsets = new int[size() + 1];
        for (int position = 0; position < size(); position++) {
            offsets[position + 1] = offsets[position] + tokens.get(position).length();
        }
        return offsets;
    }

    /**
     * This sequence, if it has at least so many tokens.
     *
     * @param purpose what they are for, such as {@code logit lens}; begins the message
     */
    public TokenSequence requireAtLeast(int count, String purpose) {
        if (size() < count) {
            throw new IllegalArgumentException(
                    "%s needs at least %d token%s, got %d from the text '%s'; give a longer text"
                            .formatted(purpose, count, count == 1 ? "" : "s", size(), text));
        }
        return this;
    }

    @Override
    public String toString() {
        return tokens.toString();
    }
}
