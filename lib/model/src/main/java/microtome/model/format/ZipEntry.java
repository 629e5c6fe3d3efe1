package microtome.model.format;

/** A line in the directory of a zip archive, before it is compared with what it points to. */
record ZipEntry(String name, int flags, int method, long checksum, ZipSizes sizes) {
    private static final int HEADER = 0x04034b50;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    /** Sizes and checksum stand behind the bytes, because the writer did not know them before. */
    private static final int LATE = 8;
    /** A length of 258 in two bits is the best that deflating can do. */
    private static final long BEST_RATIO = 1032;

    long offset() {
        return sizes.offset();
    }

    /** Whether a name is relative and stays inside the archive, and has nothing in it that a terminal would act on. */
    static boolean isPlain(String name) {
        boolean inside = !name.isEmpty() && !name.startsWith("/") && !("/" + name + "/").contains("/../");
        return inside && name.chars().noneMatch(symbol -> symbol == '\\' || Character.isISOControl(symbol));
    }

    /** Reads the header before the bytes, where the cursor is, and gives the member if both agree. */
    ZipMember member(ByteCursor cursor) {
        String what = "'" + name + "'";
        requireReadable(cursor, what);
        if (cursor.u32(what) != HEADER) {
            throw cursor.bad(what, "another signature", "PK\\3\\4");
        }
        cursor.skip(2, what);
        boolean late = (cursor.u16(what) & LATE) != 0;
        boolean agrees = cursor.u16(what) == method;
        cursor.skip(2 + 2, what);
        agrees &= (cursor.u32(what) & 0xffffffffL) == checksum || late;
        long packed = cursor.u32(what) & 0xffffffffL;
        long size = cursor.u32(what) & 0xffffffffL;
        int nameBytes = cursor.u16(what);
        int extraBytes = cursor.u16(what);
        agrees &= cursor.utf8(what + " name", nameBytes).equals(name);
        var own = ZipSizes.read(cursor, what + " extra", extraBytes, new ZipSizes(size, packed, 0));
        agrees &= late || own.size() == sizes.size() && own.packed() == sizes.packed();
        if (!agrees) {
            throw cursor.bad(what, "a header unlike the directory", "the same name, sizes, method and checksum");
        }
        long start = cursor.position();
        cursor.skip(sizes.packed(), what);
        return new ZipMember(name, method == DEFLATED, start, cursor.position(), sizes.size(), checksum);
    }

    private void requireReadable(ByteCursor cursor, String what) {
        if ((flags & ENCRYPTED) != 0 || method != STORED && method != DEFLATED) {
            String found = (flags & ENCRYPTED) != 0 ? "encrypted bytes" : "compression method " + method;
            throw cursor.bad(what, found, "stored or deflated bytes, as numpy.savez writes them");
        }
        boolean possible =
                method == STORED ? sizes.size() == sizes.packed() : sizes.size() / BEST_RATIO <= sizes.packed();
        if (!possible) {
            throw cursor.bad(
                    what,
                    "%d bytes out of %d".formatted(sizes.size(), sizes.packed()),
                    method == STORED ? "as many" : "at most %d times as many".formatted(BEST_RATIO));
        }
    }
}
