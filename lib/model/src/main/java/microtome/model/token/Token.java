package microtome.model.token;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * One token as a model reads it.
 *
 * @param id its row in the embedding
 * @param text what it stands for; a part of a character shows as the replacement character
 * @param bytes the exact bytes of UTF-8 that it stands for
 * @param special whether it is a control token such as the beginning of the sequence
 * @param rule which rule added it, for example {@code tokenizer.ggml.add_bos_token}; null when it is the text itself
 */
public record Token(int id, String text, byte[] bytes, boolean special, String rule) {

    /** Copies the bytes. */
    public Token {
        Objects.requireNonNull(text, "text");
        bytes = bytes.clone();
    }

    /** The bytes, as a copy. */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether a rule added it, so that it is not in the text that was given. */
    public boolean isAdded() {
        return rule != null;
    }

    int length() {
        return bytes.length;
    }

    void appendTo(ByteArrayOutputStream target) {
        target.writeBytes(bytes);
    }

    /**
     * How many bytes of a text from a place on are this token, −1 when they are not. A blank in front may be one that
     * the tokenizer put there: then the rest counts.
     */
    int lengthAt(byte[] whole, int at) {
        if (standsAt(whole, at, 0)) {
            return bytes.length;
        }
        return bytes.length > 0 && bytes[0] == ' ' && standsAt(whole, at, 1) ? bytes.length - 1 : -1;
    }

    private boolean standsAt(byte[] whole, int at, int without) {
        int end = at + bytes.length - without;
        return end <= whole.length && Arrays.equals(whole, at, end, bytes, without, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token token
                && id == token.id
                && special == token.special
                && text.equals(token.text)
                && Objects.equals(rule, token.rule)
                && Arrays.equals(bytes, token.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, text, special, rule);
    }

    @Override
    public String toString() {
        return "%d '%s'%s".formatted(id, text, rule == null ? "" : " (added by " + rule + ")");
    }
}
