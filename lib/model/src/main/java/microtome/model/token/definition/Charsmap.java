package microtome.model.token.definition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The table of SentencePiece that says which characters become which others: the number of bytes of a double array, the
 * array, and the replacements, each ended by a zero byte. The native library trusts it, so it is walked here first.
 */
final class Charsmap {
    private static final int BLOCK = 256;
    private static final int LEAF = 1 << 31;

    private Charsmap() {}

    /** What is wrong with a table, if anything. */
    static Optional<String> fault(byte[] table) {
        if (table.length < Integer.BYTES) {
            return Optional.of(table.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        long arrayBytes = Integer.toUnsignedLong(bytes.getInt());
        if (arrayBytes % (BLOCK * Integer.BYTES) != 0 || arrayBytes == 0 || arrayBytes > bytes.remaining()) {
            return Optional.of("a double array of %d bytes in a table of %d".formatted(arrayBytes, table.length));
        }
        int[] units = new int[(int) (arrayBytes / Integer.BYTES)];
        bytes.asIntBuffer().get(units);
        int replacements = Integer.BYTES + (int) arrayBytes;
        if (!isUtf8(table, replacements)) {
            return Optional.of("replacements that are not UTF-8");
        }
        for (int index = 0; index < units.length; index++) {
            // The walk begins at the first unit whatever that is; a unit of a value is never walked through.
            boolean inner = index == 0 || units[index] >= 0;
            int base = inner ? index ^ offset(units[index]) : index;
            if (base < 0 || base >= units.length) {
                return Optional.of("the unit %d, which leads out of the double array".formatted(index));
            }
            boolean hasLeaf = inner && (units[index] >>> 8 & 1) == 1;
            if (hasLeaf && !isReplacement(table, replacements, units[base] & ~LEAF)) {
                return Optional.of("the unit %d, which leads to no replacement".formatted(index));
            }
        }
        return Optional.empty();
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private static boolean isUtf8(byte[] table, int start) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(table, start, table.length - start));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /** Whether a replacement begins at a place: at a character, with a zero byte to come. */
    private static boolean isReplacement(byte[] table, int start, int at) {
        if (at < 0 || at >= table.length - start || (table[start + at] & 0xc0) == 0x80) {
            return false;
        }
        for (int index = start + at; index < table.length; index++) {
            if (table[index] == 0) {
                return true;
            }
        }
        return false;
    }
}
