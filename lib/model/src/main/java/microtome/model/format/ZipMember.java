package microtome.model.format;

import java.lang.foreign.MemorySegment;

/**
 * A member of a zip archive, checked: its bytes lie alone, inside the file.
 *
 * @param start where its bytes begin in the file
 * @param size of its content in bytes; as many as it takes in the file, unless it is deflated
 * @param checksum CRC-32 of the content
 */
record ZipMember(String name, boolean deflated, long start, long end, long size, long checksum) {
    /** A whole file, as if it were the only member of an archive. */
    static ZipMember whole(String name, long size) {
        return new ZipMember(name, false, 0, size, size, 0);
    }

    /** Its bytes as they are in the file. */
    MemorySegment stored(MappedFile file) {
        return file.bytes().asSlice(start, end - start);
    }
}
