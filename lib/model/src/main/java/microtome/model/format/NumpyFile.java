package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import microtome.tensor.Shape;

/**
 * Arrays of NumPy: an {@code .npy} file, whose one array has the name of the file without its ending, or an
 * {@code .npz} archive of such files. Arrays that are stored in row-major order are views of the mapped file. Those of
 * {@code savez_compressed} are inflated and those in Fortran's order transposed when they are first asked for, and kept
 * until {@link #unload}. Arrays of other types (objects, texts, big-endian numbers) do not keep an archive from being
 * opened; they are not among its names, and asking for one says what to do.
 */
public final class NumpyFile extends SingleFile {
    private static final String ENDING = ".npy";

    private final TextMetadata metadata;
    private final Map<String, Supplier<MemorySegment>> packed;
    private final Map<String, Supplier<BadWeightFile>> refused;
    private final Map<String, MemorySegment> unpacked = new ConcurrentHashMap<>();

    private NumpyFile(MappedFile file, Reader reader) {
        super(file, reader.slots);
        this.metadata = new TextMetadata(file.path(), Map.of());
        this.packed = reader.packed;
        this.refused = reader.refused;
    }

    /**
     * Opens an array or an archive of arrays and checks every header.
     *
     * @throws BadWeightFile when anything in it is wrong, or it is a pickle
     */
    public static NumpyFile open(Path path) {
        return MappedFile.read(path, NumpyFile::read);
    }

    /** Whether a file begins like an array or like a zip archive, even an empty one. */
    static boolean hasMagic(byte[] head) {
        boolean zip = head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] + 1 == head[3];
        return isArray(head) || zip && (head[2] == 3 || head[2] == 5);
    }

    private static boolean isArray(byte[] head) {
        return Arrays.equals(
                head,
                0,
                Math.min(head.length, NumpyHeader.MAGIC.length),
                NumpyHeader.MAGIC,
                0,
                NumpyHeader.MAGIC.length);
    }

    static NumpyFile read(MappedFile file) {
        Reader reader = new Reader(file);
        long head = Math.min(NumpyHeader.MAGIC.length, file.size());
        if (isArray(file.bytes().asSlice(0, head).toArray(ValueLayout.JAVA_BYTE))) {
            reader.addOnly();
        } else {
            reader.addAll(members(file));
        }
        return new NumpyFile(file, reader);
    }

    private static List<ZipMember> members(MappedFile file) {
        List<ZipMember> members = ZipDirectory.read(file);
        if (members.stream().anyMatch(member -> PickleFile.isMember(member.name()))) {
            throw PickleFile.refusal(file.path());
        }
        List<ZipMember> arrays = members.stream()
                .filter(member -> member.name().endsWith(ENDING))
                .toList();
        if (arrays.isEmpty() && !members.isEmpty()) {
            throw new BadWeightFile(
                    file.path(),
                    "kind",
                    "a zip archive without arrays; its first member is '%s'"
                            .formatted(members.getFirst().name()),
                    "an archive of .npy files, as numpy.savez writes it",
                    "unpack the archive and give the file in it that you mean");
        }
        return arrays;
    }

    /** Collects what the headers of a file say. */
    private static final class Reader {
        private final MappedFile file;
        private final Map<String, Slot> slots = new LinkedHashMap<>();
        private final Map<String, Supplier<MemorySegment>> packed = new LinkedHashMap<>();
        private final Map<String, Supplier<BadWeightFile>> refused = new LinkedHashMap<>();

        Reader(MappedFile file) {
            this.file = file;
        }

        /** The array that a whole file is. */
        void addOnly() {
            String name = file.path().getFileName().toString();
            add(new NumpyPlace(file.path(), ""), ZipMember.whole(name, file.size()), withoutEnding(name));
            refused.values().stream().findFirst().ifPresent(reason -> {
                throw reason.get();
            });
        }

        void addAll(List<ZipMember> members) {
            for (ZipMember member : members) {
                add(new NumpyPlace(file.path(), member.name()), member, withoutEnding(member.name()));
            }
        }

        private static String withoutEnding(String name) {
            return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        }

        private void add(NumpyPlace place, ZipMember member, String name) {
            int bytes = NumpyHeader.bytes(place, head(place, member, NumpyHeader.HEAD));
            byte[] head = head(place, member, bytes);
            if (head.length < bytes) {
                throw place.bad("header", head.length + " bytes in all", "a header of %d bytes".formatted(bytes));
            }
            NumpyHeader header = NumpyHeader.parse(place, head);
            StoredType type = NumpyType.of(header.descr());
            if (type == null) {
                refused.put(name, NumpyType.refusal(place, header.descr()));
                return;
            }
            Shape shape = shape(place, header, type, member.size());
            slots.put(name, new Slot(name, type, shape, member.start() + bytes, member.end()));
            boolean turned = header.fortranOrder() && ColumnMajor.matters(shape);
            if (member.deflated() || turned) {
                packed.put(name, () -> {
                    MemorySegment content = content(place, member, bytes);
                    return turned ? ColumnMajor.toRowMajor(content, shape, type.blockBytes()) : content;
                });
            }
        }

        private byte[] head(NumpyPlace place, ZipMember member, int most) {
            if (member.deflated()) {
                return Inflation.head(place, member, file, most);
            }
            long length = Math.min(most, member.size());
            return member.stored(file).asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }

        private MemorySegment content(NumpyPlace place, ZipMember member, int start) {
            return member.deflated()
                    ? Inflation.from(place, member, file, start)
                    : member.stored(file).asSlice(start);
        }

        /** The shape, which has to need exactly the bytes that are there. */
        private static Shape shape(NumpyPlace place, NumpyHeader header, StoredType type, long size) {
            long[] extents = header.extents();
            if (extents.length > Shape.MAX_RANK) {
                throw place.bad("shape", extents.length + " axes", "at most " + Shape.MAX_RANK);
            }
            Shape shape = Shape.of(extents);
            try {
                long needed = type.bytes(shape);
                if (needed != size - header.bytes()) {
                    throw place.bad(
                            "data",
                            (size - header.bytes()) + " bytes",
                            "%d bytes, which %s %s takes".formatted(needed, type, shape));
                }
            } catch (ArithmeticException overflow) {
                throw place.bad("shape", shape.toString(), overflow.getMessage())
                        .because(overflow);
            }
            return shape;
        }
    }

    @Override
    MemorySegment bytesOf(Slot slot) {
        Supplier<MemorySegment> unpack = packed.get(slot.name());
        return unpack == null
                ? super.bytesOf(slot)
                : unpacked.computeIfAbsent(slot.name(), name -> unpack.get().asReadOnly());
    }

    @Override
    RuntimeException missing(String name) {
        Supplier<BadWeightFile> reason = refused.get(name);
        return reason == null ? super.missing(name) : reason.get();
    }

    /** Arrays that are in the file and cannot be read, such as those of objects and texts. */
    public List<String> refusedNames() {
        return List.copyOf(refused.keySet());
    }

    /** No values: NumPy has no place for them. */
    @Override
    public TextMetadata metadata() {
        return metadata;
    }

    /** Gives back the pages of the file and every array that had to be unpacked. */
    @Override
    public void unload() {
        unpacked.clear();
        super.unload();
    }

    @Override
    public String toString() {
        return "%s: NumPy, %d arrays, %d bytes".formatted(path(), names().size(), bytes());
    }
}
