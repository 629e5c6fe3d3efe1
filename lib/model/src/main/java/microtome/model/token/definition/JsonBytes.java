package microtome.model.token.definition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** JSON text as a growing array of bytes, so that the strings of a vocabulary go in without becoming Java strings. */
final class JsonBytes {
    private static final int LONGEST_ESCAPE = 6;
    private static final int LONGEST_NUMBER = 10;
    private static final HexFormat HEX = HexFormat.of();

    private byte[] bytes;
    private int length;

    JsonBytes(int expectedLength) {
        bytes = new byte[expectedLength];
    }

    /** JSON that is already as it should be. */
    JsonBytes raw(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        return this;
    }

    JsonBytes raw(char character) {
        reserve(1);
        bytes[length++] = (byte) character;
        return this;
    }

    /** A number that is not negative. */
    JsonBytes number(int value) {
        reserve(LONGEST_NUMBER);
        int digits = 1;
        for (int rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    JsonBytes string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return string(utf8, 0, utf8.length);
    }

    /** A string, quoted and escaped, from bytes of UTF-8. */
    JsonBytes string(byte[] utf8, int offset, int count) {
        reserve(2 + LONGEST_ESCAPE * count);
        bytes[length++] = '"';
        for (int index = offset; index < offset + count; index++) {
            byte value = utf8[index];
            if (value == '"' || value == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = value;
            } else if (value >= 0 && value < ' ') {
                escape(value);
            } else {
                bytes[length++] = value;
            }
        }
        bytes[length++] = '"';
        return this;
    }

    private void escape(byte control) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = (byte) HEX.toHighHexDigit(control);
        bytes[length++] = (byte) HEX.toLowHexDigit(control);
    }

    private void reserve(int more) {
        if (more > bytes.length - length) {
            int wanted = Math.addExact(length, more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * bytes.length, wanted)));
        }
    }

    String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
