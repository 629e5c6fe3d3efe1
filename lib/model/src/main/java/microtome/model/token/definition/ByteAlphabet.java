package microtome.model.token.definition;

import java.util.Arrays;

/** GPT-2's table of bytes: printable Latin characters stand for themselves, the rest moves behind U+0100. */
final class ByteAlphabet {
    private static final int FIRST_MOVED = 0x100;
    private static final int MOVED = 68;
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[FIRST_MOVED + MOVED];

    static {
        Arrays.fill(BYTES, (short) -1);
        int moved = 0;
        for (int value = 0; value < CHARACTERS.length; value++) {
            CHARACTERS[value] = (char) (standsForItself(value) ? value : FIRST_MOVED + moved++);
            BYTES[CHARACTERS[value]] = (short) value;
        }
    }

    private ByteAlphabet() {}

    private static boolean standsForItself(int value) {
        return value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xac || value >= 0xae;
    }

    static char characterOf(int value) {
        return CHARACTERS[value];
    }

    /** The byte of a character, or -1 when it stands for none. */
    static int byteOf(char character) {
        return character < BYTES.length ? BYTES[character] : -1;
    }
}
