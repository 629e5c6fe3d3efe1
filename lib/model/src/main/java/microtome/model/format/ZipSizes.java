package microtome.model.format;

/** The numbers of an entry that have another place when 32 bits are too few for them. */
record ZipSizes(long size, long packed, long offset) {
    private static final long ELSEWHERE = 0xffffffffL;
    private static final int LARGE = 1;

    /** Reads the extra fields and takes from them what has its place there. */
    static ZipSizes read(ByteCursor cursor, String what, int bytes, ZipSizes small) {
        ZipSizes sizes = small;
        long left = bytes;
        while (left >= 4) {
            int kind = cursor.u16(what);
            int length = cursor.u16(what);
            left -= 4;
            if (length > left) {
                throw cursor.bad(what, length + " bytes", "at most %d bytes".formatted(left));
            }
            if (kind == LARGE) {
                sizes = large(cursor, what, length, small);
            } else {
                cursor.skip(length, what);
            }
            left -= length;
        }
        cursor.skip(left, what);
        return sizes;
    }

    private static ZipSizes large(ByteCursor cursor, String what, int bytes, ZipSizes small) {
        long end = cursor.position() + bytes;
        long size = small.size == ELSEWHERE ? number(cursor, what, end) : small.size;
        long packed = small.packed == ELSEWHERE ? number(cursor, what, end) : small.packed;
        long offset = small.offset == ELSEWHERE ? number(cursor, what, end) : small.offset;
        cursor.skip(end - cursor.position(), what);
        return new ZipSizes(size, packed, offset);
    }

    private static long number(ByteCursor cursor, String what, long end) {
        if (cursor.position() > end - Long.BYTES) {
            throw cursor.bad(what, "no large number where one is needed", "8 bytes for each");
        }
        long value = cursor.u64(what);
        if (value < 0) {
            throw cursor.bad(what, Long.toUnsignedString(value), "0.." + Long.MAX_VALUE);
        }
        return value;
    }
}
