package microtome.model.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The records of a zip archive of stored members. Every number that could need 64 bits has them, so that archives of all
 * sizes are written the same way, and all dates are the first that zip knows, so that equal content gives equal bytes.
 */
final class ZipWriting {
    private static final int VERSION = 45;
    private static final int UTF8 = 1 << 11;
    private static final int DATE = 1 << 5 | 1;
    private static final int ELSEWHERE = -1;
    private static final int END_BYTES = 56 + 20 + 22;

    private ZipWriting() {}

    /** What stands before the bytes of a member. */
    static byte[] header(String name, long size, long checksum) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return buffer(30 + text.length + 20)
                .putInt(0x04034b50)
                .putShort((short) VERSION)
                .put(common(checksum, text.length, 20))
                .put(text)
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(size)
                .putLong(size)
                .array();
    }

    /** The line of a member in the directory. */
    static byte[] entry(String name, long size, long checksum, long offset) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return buffer(46 + text.length + 28)
                .putInt(0x02014b50)
                .putShort((short) VERSION)
                .putShort((short) VERSION)
                .put(common(checksum, text.length, 28))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt(ELSEWHERE)
                .put(text)
                .putShort((short) 1)
                .putShort((short) 24)
                .putLong(size)
                .putLong(size)
                .putLong(offset)
                .array();
    }

    private static byte[] common(long checksum, int nameBytes, int extraBytes) {
        return buffer(24)
                .putShort((short) UTF8)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) DATE)
                .putInt((int) checksum)
                .putInt(ELSEWHERE)
                .putInt(ELSEWHERE)
                .putShort((short) nameBytes)
                .putShort((short) extraBytes)
                .array();
    }

    /** What stands behind the directory. */
    static byte[] end(int entries, long directory, long directoryBytes) {
        short shown = (short) Math.min(entries, 0xffff);
        return buffer(END_BYTES)
                .putInt(0x06064b50)
                .putLong(44)
                .putShort((short) VERSION)
                .putShort((short) VERSION)
                .putInt(0)
                .putInt(0)
                .putLong(entries)
                .putLong(entries)
                .putLong(directoryBytes)
                .putLong(directory)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(directory + directoryBytes)
                .putInt(1)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort(shown)
                .putShort(shown)
                .putInt(ELSEWHERE)
                .putInt(ELSEWHERE)
                .putShort((short) 0)
                .array();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
