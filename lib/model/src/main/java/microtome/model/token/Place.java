package microtome.model.token;

/**
 * Where a token lies in the text that was given: bytes {@code from} to {@code to} of its UTF-8. Both are the same for a
 * token that stands for nothing in the text, such as one that a rule added. Where a tokenizer rewrites characters, a
 * token lies where the characters are that it was made of; several tokens may then share one character.
 */
public record Place(int from, int to) {

    /** Checks the order. */
    public Place {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("bytes %d..%d: need 0 <= from <= to".formatted(from, to));
        }
    }

    /** Whether it is nothing of the text. */
    public boolean isEmpty() {
        return from == to;
    }

    /** Number of bytes. */
    public int length() {
        return to - from;
    }
}
