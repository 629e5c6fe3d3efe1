package microtome.model.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a member of an archive, never further than to the size that the directory names. The packed bytes go through
 * the heap: native code must not read a mapped file that may shrink.
 */
final class Inflation implements AutoCloseable {
    private static final int STEP = 1 << 16;

    private final NumpyPlace place;
    private final ZipMember member;
    private final MemorySegment packed;
    private final byte[] step;
    private final Inflater inflater = new Inflater(true);
    private long taken;

    private Inflation(NumpyPlace place, ZipMember member, MappedFile file) {
        this.place = place;
        this.member = member;
        this.packed = member.stored(file);
        this.step = new byte[(int) Math.min(STEP, packed.byteSize())];
    }

    /** The first bytes of the content, or all if there are fewer. */
    static byte[] head(NumpyPlace place, ZipMember member, MappedFile file, int most) {
        try (Inflation inflation = new Inflation(place, member, file)) {
            byte[] head = new byte[(int) Math.min(most, member.size())];
            return Arrays.copyOf(head, inflation.fill(head, head.length));
        }
    }

    /** The content from some byte on; its length and checksum must be those of the directory. */
    static MemorySegment from(NumpyPlace place, ZipMember member, MappedFile file, int start) {
        try (Inflation inflation = new Inflation(place, member, file)) {
            return inflation.content(start);
        }
    }

    private MemorySegment content(int start) {
        MemorySegment content = Arena.ofAuto().allocate(member.size() - start, Long.BYTES);
        CRC32 checksum = new CRC32();
        byte[] part = new byte[(int) Math.min(STEP, member.size())];
        long done = 0;
        while (done < member.size()) {
            int length = fill(part, (int) Math.min(part.length, member.size() - done));
            if (length == 0) {
                throw bad(done + " bytes", member.size() + " bytes, as the directory says");
            }
            checksum.update(part, 0, length);
            int skipped = Math.clamp(start - done, 0, length);
            MemorySegment.copy(part, skipped, content, ValueLayout.JAVA_BYTE, done + skipped - start, length - skipped);
            done += length;
        }
        requireEnd();
        if (checksum.getValue() != member.checksum()) {
            throw bad("content of another checksum", "that of the directory");
        }
        return content;
    }

    private void requireEnd() {
        if (fill(new byte[1], 1) > 0 || !inflater.finished()) {
            throw bad("more bytes", member.size() + " bytes, as the directory says");
        }
        if (taken - inflater.getRemaining() != packed.byteSize()) {
            throw bad("packed bytes behind the end", "none");
        }
    }

    /** Inflates until the target is full or nothing is left. */
    private int fill(byte[] target, int length) {
        int filled = 0;
        try {
            while (filled < length && !inflater.finished() && !inflater.needsDictionary()) {
                if (inflater.needsInput() && !feed()) {
                    return filled;
                }
                filled += inflater.inflate(target, filled, length - filled);
            }
        } catch (DataFormatException broken) {
            throw bad("bytes that cannot be inflated (%s)".formatted(broken.getMessage()), "deflated bytes")
                    .because(broken);
        }
        return filled;
    }

    private boolean feed() {
        int length = (int) Math.min(step.length, packed.byteSize() - taken);
        MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, taken, step, 0, length);
        inflater.setInput(step, 0, length);
        taken += length;
        return length > 0;
    }

    private BadWeightFile bad(String found, String allowed) {
        return place.bad("content", found, allowed);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
