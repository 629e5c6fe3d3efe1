package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: a length, a JSON header of that length, and the tensors behind it without a gap.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class Safetensors implements WeightFile {
    static final long LONGEST_HEADER = 100_000_000;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final long data;
    private final Map<String, SafetensorsHeader.Slot> slots;
    private final TextMetadata metadata;

    private Safetensors(MappedFile file, long data, SafetensorsHeader header) {
        this.file = file;
        this.data = data;
        this.slots = header.slots();
        this.metadata = new TextMetadata(file.path(), header.metadata());
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws BadWeightFile when anything in it is wrong
     */
    public static Safetensors open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return read(file);
        } catch (RuntimeException | Error failure) {
            file.close();
            throw failure;
        }
    }

    private static Safetensors read(MappedFile file) {
        long length = headerLength(file);
        SafetensorsHeader header = SafetensorsHeader.parse(file.path(), headerText(file, length));
        requireWhole(header, file.size() - Long.BYTES - length);
        return new Safetensors(file, Long.BYTES + length, header);
    }

    private static long headerLength(MappedFile file) {
        if (file.size() < Long.BYTES) {
            throw bad(file, "byte 0 (header length)", file.size() + " bytes in the whole file", "at least 8 bytes");
        }
        long length = file.bytes().get(LONG, 0);
        long most = Math.min(LONGEST_HEADER, file.size() - Long.BYTES);
        if (length < 2 || length > most) {
            throw bad(
                    file,
                    "byte 0 (header length)",
                    Long.toUnsignedString(length),
                    "2..%d (a file of %d bytes, a header of at most %d)".formatted(most, file.size(), LONGEST_HEADER));
        }
        return length;
    }

    private static String headerText(MappedFile file, long length) {
        byte first = file.bytes().get(ValueLayout.JAVA_BYTE, Long.BYTES);
        if (first != '{') {
            throw bad(file, "byte 8 (header)", "0x%02x".formatted(first), "the character {");
        }
        try {
            MemorySegment header = file.bytes().asSlice(Long.BYTES, length);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(header.asByteBuffer())
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw bad(file, "byte 8 (header)", "bytes that are not UTF-8", "UTF-8")
                    .because(notUtf8);
        }
    }

    /** The tensors have to cover the data exactly: no overlap, no gap, nothing missing, nothing left over. */
    private static void requireWhole(SafetensorsHeader header, long dataBytes) {
        List<SafetensorsHeader.Slot> sorted = header.slots().values().stream()
                .sorted(Comparator.comparingLong(SafetensorsHeader.Slot::start)
                        .thenComparingLong(SafetensorsHeader.Slot::end))
                .toList();
        long covered = 0;
        for (SafetensorsHeader.Slot slot : sorted) {
            if (slot.start() != covered) {
                throw header.bad(
                        "tensor '" + slot.name() + "'",
                        "begins at %d of the data, %s"
                                .formatted(slot.start(), slot.start() < covered ? "inside another" : "after a gap"),
                        "tensors one behind the other; the next free byte is " + covered);
            }
            covered = slot.end();
        }
        if (covered != dataBytes) {
            throw header.bad("data", dataBytes + " bytes", "%d bytes, where the last tensor ends".formatted(covered));
        }
    }

    private static BadWeightFile bad(MappedFile file, String where, String found, String allowed) {
        return new BadWeightFile(file.path(), where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<String> names() {
        return List.copyOf(slots.keySet());
    }

    @Override
    public boolean has(String name) {
        return slots.containsKey(name);
    }

    @Override
    public StoredTensor tensor(String name) {
        SafetensorsHeader.Slot slot = slots.get(name);
        if (slot == null) {
            throw TensorNames.missing(path(), name, slots.keySet());
        }
        file.requireUnchanged();
        MemorySegment bytes = file.bytes().asSlice(data + slot.start(), slot.end() - slot.start());
        return new StoredTensor(name, slot.type(), slot.shape(), bytes);
    }

    @Override
    public TextMetadata metadata() {
        return metadata;
    }

    @Override
    public long bytes() {
        return file.size();
    }

    @Override
    public String sha256() {
        return file.sha256();
    }

    @Override
    public void unload() {
        file.unload();
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "%s: safetensors, %d tensors, %d bytes".formatted(path(), slots.size(), bytes());
    }
}
