package microtome.display;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * How tokens look wherever they are shown. Nothing in a token stays invisible, and different tokens look different:
 *
 * <ul>
 *   <li>space {@code ␣}, newline {@code ⏎}, tab {@code ⇥}, carriage return {@code ␍}, the empty token {@code ∅};
 *   <li>other control characters, unusual spaces, invisible and text-direction marks: <code>&#92;u{200b}</code>;
 *   <li>bytes that are not UTF-8: {@code \xe2};
 *   <li>one of these marks written in the text itself: <code>&#92;u{2423}</code>, and a backslash that would read as
 *       one of these escapes is doubled.
 * </ul>
 */
public final class TokenText {
    /** The mark of a space. */
    public static final String SPACE = "␣";

    private static final String EMPTY = "∅";
    private static final String MARKS = "␣⏎⇥␍∅";
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private TokenText() {}

    /** The token with every character visible. */
    public static String visible(String token) {
        if (token.isEmpty()) {
            return EMPTY;
        }
        var joinersShow = TextWidth.of(token) > 0;
        var shown = new StringBuilder(token.length() + 8);
        for (int index = 0; index < token.length(); ) {
            var codePoint = token.codePointAt(index);
            index += Character.charCount(codePoint);
            if (codePoint == '\\' && readsAsEscape(token, index, joinersShow)) {
                shown.append("\\\\");
            } else {
                append(shown, codePoint, joinersShow);
            }
        }
        return shown.toString();
    }

    /** The bytes of a token, as text where they are UTF-8 and as <code>&#92;x</code> escapes where they are not. */
    public static String visible(byte[] bytes) {
        var shown = new StringBuilder();
        var text = new StringBuilder();
        for (int index = 0; index < bytes.length; ) {
            var length = characterLength(bytes, index);
            if (length > 0) {
                text.append(new String(bytes, index, length, StandardCharsets.UTF_8));
                index += length;
            } else {
                var endsWithBackslash = text.lastIndexOf("\\") == text.length() - 1 && !text.isEmpty();
                flush(text, shown);
                shown.append(endsWithBackslash ? "\\" : "");
                shown.append("\\x%02x".formatted(bytes[index++] & 0xff));
            }
        }
        flush(text, shown);
        return shown.isEmpty() ? EMPTY : shown.toString();
    }

    /** The visible token, cut to at most {@code columns} terminal columns with {@code …} at the end. */
    public static String shortened(String token, int columns) {
        return TextWidth.cut(visible(token), columns);
    }

    /** Running text on one line: spaces stay spaces, everything else that is invisible is shown as in a token. */
    public static String singleLine(String text) {
        return text.isEmpty() ? "" : visible(text).replace(SPACE, " ");
    }

    private static void append(StringBuilder shown, int codePoint, boolean joinersShow) {
        switch (codePoint) {
            case ' ' -> shown.append(SPACE);
            case '\n' -> shown.append('⏎');
            case '\t' -> shown.append('⇥');
            case '\r' -> shown.append('␍');
            default -> {
                if (isEscaped(codePoint, joinersShow)) {
                    shown.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
                } else {
                    shown.appendCodePoint(codePoint);
                }
            }
        }
    }

    private static boolean isInvisible(int codePoint, boolean joinersShow) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER || !joinersShow;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> !joinersShow;
            case Character.CONTROL,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** True if a backslash before {@code next} would look like the start of an escape. */
    private static boolean readsAsEscape(String token, int next, boolean joinersShow) {
        if (next == token.length()) {
            return false;
        }
        return token.startsWith("x", next)
                || token.startsWith("u{", next)
                || token.startsWith("\\", next)
                || isEscaped(token.codePointAt(next), joinersShow);
    }

    private static boolean isEscaped(int codePoint, boolean joinersShow) {
        return " \n\t\r".indexOf(codePoint) < 0
                && (MARKS.indexOf(codePoint) >= 0 || isInvisible(codePoint, joinersShow));
    }

    private static void flush(StringBuilder text, StringBuilder shown) {
        if (!text.isEmpty()) {
            shown.append(visible(text.toString()));
            text.setLength(0);
        }
    }

    /** Bytes of the UTF-8 character at {@code index}, or 0 when there is none. */
    private static int characterLength(byte[] bytes, int index) {
        var lead = bytes[index] & 0xff;
        var length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (index + length > bytes.length) {
            return 0;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, index, length));
            return length;
        } catch (CharacterCodingException notUtf8) {
            return 0;
        }
    }
}
