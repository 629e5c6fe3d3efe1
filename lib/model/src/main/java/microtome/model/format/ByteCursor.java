package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** Reads little-endian values one after the other and never beyond the end; every error names the byte offset. */
final class ByteCursor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int WINDOW = 1 << 16;

    private final Path path;
    private final MemorySegment bytes;
    private final long end;
    private long position;
    private byte[] window;

    ByteCursor(Path path, MemorySegment bytes, long position) {
        this.path = path;
        this.bytes = bytes;
        this.end = bytes.byteSize();
        this.position = position;
    }

    long position() {
        return position;
    }

    long remaining() {
        return end - position;
    }

    int u16(String what) {
        require(Short.BYTES, what);
        int value = bytes.get(SHORT, position) & 0xffff;
        position += Short.BYTES;
        return value;
    }

    int u32(String what) {
        require(Integer.BYTES, what);
        int value = bytes.get(INT, position);
        position += Integer.BYTES;
        return value;
    }

    long u64(String what) {
        require(Long.BYTES, what);
        long value = bytes.get(LONG, position);
        position += Long.BYTES;
        return value;
    }

    /** A count of things that take at least so many bytes each, so that a hostile one cannot ask for more than is there. */
    int count(String what, long leastBytesEach, int most) {
        long value = u64(what);
        long fitting = remaining() / leastBytesEach;
        if (value < 0 || value > Math.min(fitting, most)) {
            throw bad(
                    what,
                    Long.toUnsignedString(value),
                    "at most %d, and the remaining %d bytes hold %d".formatted(most, remaining(), fitting));
        }
        return (int) value;
    }

    /** A text: a length, which may not be more than allowed, and as many bytes of UTF-8. */
    String text(String what, int longest) {
        long length = u64(what + " length");
        if (length < 0 || length > longest) {
            throw bad(what + " length", Long.toUnsignedString(length), "0..%d bytes".formatted(longest));
        }
        return utf8(what, length);
    }

    /** As many bytes of UTF-8. */
    String utf8(String what, long length) {
        require(length, what);
        try {
            String value = Utf8.text(bytes.asSlice(position, length));
            position += length;
            return value;
        } catch (CharacterCodingException notUtf8) {
            throw bad(what, "bytes that are not UTF-8", "UTF-8").because(notUtf8);
        }
    }

    void skip(long length, String what) {
        require(length, what);
        position += length;
    }

    /**
     * Skips strings, each a length and as many bytes. Opening a file spends its time here, mostly before anything is
     * compiled; stepping through a heap copy is several times faster then than asking the segment for every length.
     */
    void skipTexts(int count, String what) {
        byte[] window = window();
        long start = position;
        int filled = 0;
        long at = position;
        for (int index = 0; index < count; index++) {
            if (at > end - Long.BYTES) {
                throw truncated(at, what + "[" + index + "]", Long.BYTES);
            }
            if (at - start > filled - Long.BYTES) {
                start = at;
                filled = (int) Math.min(window.length, end - at);
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, window, 0, filled);
            }
            long length = littleEndian(window, (int) (at - start));
            at += Long.BYTES;
            if (length < 0 || length > end - at) {
                throw truncated(at, what + "[" + index + "]", length);
            }
            at += length;
        }
        position = at;
    }

    /** One for all arrays of strings, and never larger than what there is to read. */
    private byte[] window() {
        if (window == null) {
            window = new byte[(int) Math.min(WINDOW, remaining())];
        }
        return window;
    }

    private static long littleEndian(byte[] window, int at) {
        long value = 0;
        for (int index = at + Long.BYTES - 1; index >= at; index--) {
            value = value << Byte.SIZE | window[index] & 0xff;
        }
        return value;
    }

    private void require(long length, String what) {
        if (length < 0 || length > remaining()) {
            throw truncated(position, what, length);
        }
    }

    private BadWeightFile truncated(long at, String what, long length) {
        return new BadWeightFile(
                path,
                "byte %d (%s)".formatted(at, what),
                "needs %s bytes, the file ends after %d more".formatted(Long.toUnsignedString(length), end - at),
                "a file as long as its own table of contents says",
                BadWeightFile.DOWNLOAD_AGAIN);
    }

    BadWeightFile bad(String what, String found, String allowed) {
        return new BadWeightFile(
                path,
                "byte %d (%s)".formatted(position, what),
                "found " + found,
                allowed,
                BadWeightFile.DOWNLOAD_AGAIN);
    }
}
