package microtome.model.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.tensor.Shape;

/**
 * A GGUF file, version 2 or 3, little-endian. The file lists extents innermost first; {@link #tensor} gives them
 * outermost first, so that a matrix written as {@code [in, out]} has shape {@code [out, in]}: the same bytes.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF specification</a>
 */
public final class Gguf extends SingleFile {
    static final int MAGIC = 0x46554747;
    private static final int LARGEST_RANK = 4;
    private static final int LONGEST_NAME = 65535;
    private static final int MOST_TENSORS = 1 << 17;
    private static final int LEAST_INFO_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final String PARTS_KEY = "split.count";
    private static final String ALIGNMENT_KEY = "general.alignment";
    private static final long USUAL_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 16;

    private final int version;
    private final GgufMetadata metadata;

    private Gguf(MappedFile file, int version, GgufMetadata metadata, Map<String, Slot> slots) {
        super(file, slots);
        this.version = version;
        this.metadata = metadata;
    }

    /**
     * Opens a file and checks its whole table of contents.
     *
     * @throws BadWeightFile when anything in it is wrong
     */
    public static Gguf open(Path path) {
        return MappedFile.read(path, Gguf::read);
    }

    static Gguf read(MappedFile file) {
        ByteCursor cursor = new ByteCursor(file.path(), file.bytes(), 0);
        int version = version(file.path(), cursor);
        int tensors = cursor.count("tensor count", LEAST_INFO_BYTES, MOST_TENSORS);
        int entries = GgufMetadata.count(cursor);
        GgufMetadata metadata = GgufMetadata.read(file.path(), file.bytes(), cursor, entries);
        requireWhole(metadata);
        long alignment = alignment(metadata);
        List<Slot> relative = new ArrayList<>();
        for (int index = 0; index < tensors; index++) {
            relative.add(slot(cursor, index, alignment));
        }
        return new Gguf(file, version, metadata, place(file, cursor, relative, alignment));
    }

    private static int version(Path path, ByteCursor cursor) {
        int magic = cursor.u32("magic");
        if (magic != MAGIC) {
            throw new BadWeightFile(
                    path, "byte 0 (magic)", "found 0x%08x".formatted(magic), "the bytes GGUF", "give a .gguf file");
        }
        int version = cursor.u32("version");
        if (version == 2 || version == 3) {
            return version;
        }
        boolean swapped = Integer.reverseBytes(version) >= 1 && Integer.reverseBytes(version) <= 3;
        throw new BadWeightFile(
                path,
                "byte 4 (version)",
                swapped ? "a big-endian file" : "version " + Integer.toUnsignedString(version),
                "little-endian files of version 2 or 3",
                "convert the model again with a current converter");
    }

    /** A model that was split over several files has only some of its tensors in each. */
    private static void requireWhole(GgufMetadata metadata) {
        long parts = metadata.longValue(PARTS_KEY, 1);
        if (parts > 1) {
            throw new BadWeightFile(
                    metadata.path(),
                    "metadata '" + PARTS_KEY + "'",
                    "one of %d parts of a model".formatted(parts),
                    "a whole model in one file",
                    "join the parts: llama-gguf-split --merge FIRST-PART.gguf WHOLE.gguf");
        }
    }

    private static long alignment(GgufMetadata metadata) {
        long alignment = metadata.longValue(ALIGNMENT_KEY, USUAL_ALIGNMENT);
        if (alignment < Long.BYTES || alignment > LARGEST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw metadata.bad(
                    ALIGNMENT_KEY,
                    Long.toString(alignment),
                    "a power of two from %d to %d".formatted(Long.BYTES, LARGEST_ALIGNMENT));
        }
        return alignment;
    }

    private static Slot slot(ByteCursor cursor, int index, long alignment) {
        String name = cursor.text("name of tensor " + index, LONGEST_NAME);
        String where = "tensor '" + name + "'";
        long[] extents = extents(cursor, where);
        StoredType type = type(cursor, where);
        long length = length(cursor, where, type, extents);
        long offset = cursor.u64(where + " offset");
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.bad(
                    where + " offset",
                    Long.toUnsignedString(offset),
                    "an offset inside the file that is a multiple of %d".formatted(alignment));
        }
        if (offset > Long.MAX_VALUE - length) {
            throw cursor.bad(where + " offset", Long.toString(offset), "an offset inside the file");
        }
        return new Slot(name, type, Shape.of(outermostFirst(extents)), offset, offset + length);
    }

    private static long[] extents(ByteCursor cursor, String where) {
        int rank = cursor.u32(where + " number of axes");
        if (rank < 1 || rank > LARGEST_RANK) {
            throw cursor.bad(
                    where + " number of axes", Integer.toUnsignedString(rank), "1..%d axes".formatted(LARGEST_RANK));
        }
        long[] extents = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = cursor.u64(where + " extent " + axis);
            if (extents[axis] < 1) {
                throw cursor.bad(
                        where + " extent " + axis, Long.toUnsignedString(extents[axis]), "1.." + Long.MAX_VALUE);
            }
        }
        return extents;
    }

    private static StoredType type(ByteCursor cursor, String where) {
        int code = cursor.u32(where + " type");
        return StoredType.ofGgufCode(code)
                .orElseThrow(() ->
                        cursor.bad(where + " type", "type " + Integer.toUnsignedString(code), StoredType.ggufCodes()));
    }

    private static long length(ByteCursor cursor, String where, StoredType type, long[] extents) {
        if (extents[0] % type.blockElements() != 0) {
            throw cursor.bad(
                    where + " extent 0",
                    "%d elements in a row".formatted(extents[0]),
                    "whole blocks of %d for %s".formatted(type.blockElements(), type));
        }
        try {
            long length = Math.multiplyExact(extents[0] / type.blockElements(), (long) type.blockBytes());
            for (int axis = 1; axis < extents.length; axis++) {
                length = Math.multiplyExact(length, extents[axis]);
            }
            Shape.of(extents).elements();
            return length;
        } catch (ArithmeticException overflow) {
            throw cursor.bad(where + " extents", Arrays.toString(extents), "fewer than 2^63 elements and bytes")
                    .because(overflow);
        }
    }

    private static long[] outermostFirst(long[] extents) {
        long[] reversed = new long[extents.length];
        for (int axis = 0; axis < extents.length; axis++) {
            reversed[extents.length - 1 - axis] = extents[axis];
        }
        return reversed;
    }

    /** Turns offsets behind the header into offsets in the file; every tensor must lie inside and alone. */
    private static Map<String, Slot> place(MappedFile file, ByteCursor cursor, List<Slot> relative, long alignment) {
        long data = (cursor.position() + alignment - 1) / alignment * alignment;
        Map<String, Slot> slots = new LinkedHashMap<>();
        for (Slot slot : relative) {
            if (slot.end() > file.size() - data) {
                throw cursor.bad(
                        "tensor '" + slot.name() + "'",
                        "bytes %d..%d behind the header".formatted(slot.start(), slot.end()),
                        "at most %d, where the file ends".formatted(Math.max(0, file.size() - data)));
            }
            if (slots.putIfAbsent(slot.name(), slot.movedBy(data)) != null) {
                throw cursor.bad("tensor '" + slot.name() + "'", "the name a second time", "each name once");
            }
        }
        requireNoOverlap(cursor, slots);
        return slots;
    }

    private static void requireNoOverlap(ByteCursor cursor, Map<String, Slot> slots) {
        List<Slot> sorted = slots.values().stream()
                .sorted(Comparator.comparingLong(Slot::start))
                .toList();
        for (int index = 1; index < sorted.size(); index++) {
            Slot before = sorted.get(index - 1);
            Slot after = sorted.get(index);
            if (after.start() < before.end()) {
                throw cursor.bad(
                        "tensor '" + after.name() + "'",
                        "starts at byte %d, inside tensor '%s'".formatted(after.start(), before.name()),
                        "tensors that do not overlap");
            }
        }
    }

    /** Version of the file format, 2 or 3. */
    public int version() {
        return version;
    }

    @Override
    public GgufMetadata metadata() {
        return metadata;
    }

    @Override
    public String toString() {
        return "%s: GGUF version %d, %d tensors, %d bytes".formatted(path(), version, names().size(), bytes());
    }
}
