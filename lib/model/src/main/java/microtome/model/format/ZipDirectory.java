package microtome.model.format;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The directory at the end of a zip archive, of either size. Every member is checked against the header before its own
 * bytes, and members must not overlap, so that a small file cannot pretend to hold much.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">The format</a>
 */
final class ZipDirectory {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LARGE_END = 0x06064b50;
    private static final int LARGE_END_LOCATOR = 0x07064b50;
    private static final int LARGE_END_LOCATOR_BYTES = 20;
    private static final int ENTRY = 0x02014b50;
    private static final int LEAST_ENTRY_BYTES = 46;
    private static final int MOST_ENTRIES = 1 << 20;

    /** Where the directory lies, and how many members it says to have. */
    private record Extent(long start, long end, int count) {}

    private final MappedFile file;

    private ZipDirectory(MappedFile file) {
        this.file = file;
    }

    /** All members but folders, in the order of the file. */
    static List<ZipMember> read(MappedFile file) {
        return new ZipDirectory(file).members();
    }

    private List<ZipMember> members() {
        Extent extent = extent();
        ByteCursor cursor = cursor(extent.start, extent.end);
        List<ZipEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int index = 0; index < extent.count; index++) {
            ZipEntry entry = entry(cursor, "entry " + index);
            if (!names.add(entry.name())) {
                throw cursor.bad("entry " + index, "the name '%s' a second time".formatted(entry.name()), "each once");
            }
            entries.add(entry);
        }
        if (cursor.remaining() > 0) {
            throw cursor.bad("directory", cursor.remaining() + " bytes behind the last entry", "none");
        }
        return placed(entries, extent.start);
    }

    /** The members without folders; each must end before the next begins, and all before the directory. */
    private List<ZipMember> placed(List<ZipEntry> entries, long directory) {
        List<ZipMember> members = new ArrayList<>();
        long free = directory;
        List<ZipEntry> backwards = entries.stream()
                .sorted(Comparator.comparingLong(ZipEntry::offset).reversed())
                .toList();
        for (ZipEntry entry : backwards) {
            ZipMember member = entry.member(cursor(Math.min(entry.offset(), directory), directory));
            if (member.end() > free) {
                throw cursor(directory, directory)
                        .bad("'" + entry.name() + "'", "bytes that reach into the next member", "members one by one");
            }
            free = entry.offset();
            members.add(member);
        }
        members.removeIf(member -> member.name().endsWith("/"));
        members.sort(Comparator.comparingLong(ZipMember::start));
        return members;
    }

    private Extent extent() {
        long end = end();
        ByteCursor cursor = cursor(end + 4, file.size());
        requireOneDisk(cursor, cursor.u16("disk"), 0);
        requireOneDisk(cursor, cursor.u16("disk of the directory"), 0);
        int count = cursor.u16("entries on this disk");
        requireOneDisk(cursor, cursor.u16("entries"), count);
        long bytes = cursor.u32("directory size") & 0xffffffffL;
        long start = cursor.u32("directory offset") & 0xffffffffL;
        long locator = end - LARGE_END_LOCATOR_BYTES;
        if (locator >= 0 && cursor(locator, end).u32("locator") == LARGE_END_LOCATOR) {
            return largeExtent(locator);
        }
        return extent(start, bytes, count, end);
    }

    private static void requireOneDisk(ByteCursor cursor, int found, int ofOne) {
        if (found != ofOne) {
            throw cursor.bad("disk", "an archive of several disks", "one file");
        }
    }

    private Extent largeExtent(long locator) {
        ByteCursor cursor = cursor(locator + 4, file.size());
        cursor.u32("disk of the end");
        long end = cursor.u64("offset of the end of the directory");
        if (end < 0 || end > locator) {
            throw cursor.bad("offset of the end of the directory", Long.toUnsignedString(end), "0.." + locator);
        }
        ByteCursor record = cursor(end, locator);
        if (record.u32("signature") != LARGE_END) {
            throw record.bad("end of the directory", "another signature", "PK\\6\\6");
        }
        record.skip(8 + 2 + 2 + 4 + 4 + 8, "end of the directory");
        long count = record.u64("entries");
        if (count < 0 || count > MOST_ENTRIES) {
            throw record.bad("entries", Long.toUnsignedString(count), "0.." + MOST_ENTRIES);
        }
        long bytes = record.u64("directory size");
        return extent(record.u64("directory offset"), bytes, (int) count, end);
    }

    private Extent extent(long start, long bytes, int count, long end) {
        if (start < 0 || start > end || bytes != end - start) {
            throw cursor(end, file.size())
                    .bad(
                            "directory",
                            "%s bytes from byte %s"
                                    .formatted(Long.toUnsignedString(bytes), Long.toUnsignedString(start)),
                            "a directory that ends at byte " + end);
        }
        if (count > bytes / LEAST_ENTRY_BYTES) {
            throw cursor(end, file.size())
                    .bad("directory", count + " entries in %d bytes".formatted(bytes), "46 bytes or more for each");
        }
        return new Extent(start, end, count);
    }

    /** Where the last record of the archive begins; a comment of some length may follow it. */
    private long end() {
        long last = file.size() - END_BYTES;
        for (long at = last; at >= 0 && at >= last - LONGEST_COMMENT; at--) {
            int comment = file.bytes().get(SHORT, at + END_BYTES - Short.BYTES) & 0xffff;
            if (comment == last - at && file.bytes().get(INT, at) == END) {
                return at;
            }
        }
        throw new BadWeightFile(
                file.path(),
                "end",
                "no directory, which a zip archive has at its end",
                "a complete zip archive",
                BadWeightFile.DOWNLOAD_AGAIN);
    }

    private static ZipEntry entry(ByteCursor cursor, String what) {
        if (cursor.u32(what + " signature") != ENTRY) {
            throw cursor.bad(what, "another signature", "PK\\1\\2");
        }
        cursor.skip(2 + 2, what);
        int flags = cursor.u16(what + " flags");
        int method = cursor.u16(what + " method");
        cursor.skip(2 + 2, what);
        long checksum = cursor.u32(what + " checksum") & 0xffffffffL;
        long packed = cursor.u32(what + " packed size") & 0xffffffffL;
        long size = cursor.u32(what + " size") & 0xffffffffL;
        int nameBytes = cursor.u16(what + " name length");
        int extraBytes = cursor.u16(what + " extra length");
        int commentBytes = cursor.u16(what + " comment length");
        requireOneDisk(cursor, cursor.u16(what + " disk"), 0);
        cursor.skip(2 + 4, what);
        long offset = cursor.u32(what + " offset") & 0xffffffffL;
        String name = name(cursor, what, nameBytes);
        var sizes = ZipSizes.read(cursor, what + " extra", extraBytes, new ZipSizes(size, packed, offset));
        cursor.skip(commentBytes, what + " comment");
        return new ZipEntry(name, flags, method, checksum, sizes);
    }

    private static String name(ByteCursor cursor, String what, int length) {
        String name = cursor.utf8(what + " name", length);
        if (ZipEntry.isPlain(name)) {
            return name;
        }
        throw cursor.bad(what + " name", "'" + name + "'", "a name that stays inside the archive");
    }

    private ByteCursor cursor(long start, long end) {
        return new ByteCursor(file.path(), file.bytes().asSlice(0, end), start);
    }
}
