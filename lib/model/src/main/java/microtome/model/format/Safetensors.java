package microtome.model.format;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: a length, a JSON header of that length, and the tensors behind it without a gap.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class Safetensors extends SingleFile {
    static final long LONGEST_HEADER = 100_000_000;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TextMetadata metadata;

    private Safetensors(MappedFile file, Map<String, Slot> slots, TextMetadata metadata) {
        super(file, slots);
        this.metadata = metadata;
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws BadWeightFile when anything in it is wrong
     */
    public static Safetensors open(Path path) {
        return MappedFile.read(path, Safetensors::read);
    }

    static Safetensors read(MappedFile file) {
        long length = headerLength(file);
        SafetensorsHeader header = SafetensorsHeader.parse(file.path(), headerText(file, length));
        long data = Long.BYTES + length;
        requireWhole(file, header.slots(), file.size() - data);
        header.slots().replaceAll((name, slot) -> slot.movedBy(data));
        return new Safetensors(file, header.slots(), new TextMetadata(file.path(), header.metadata()));
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
            return Utf8.text(file.bytes().asSlice(Long.BYTES, length));
        } catch (CharacterCodingException notUtf8) {
            throw bad(file, "byte 8 (header)", "bytes that are not UTF-8", "UTF-8")
                    .because(notUtf8);
        }
    }

    /** The tensors have to cover the data exactly: no overlap, no gap, nothing missing, nothing left over. */
    private static void requireWhole(MappedFile file, Map<String, Slot> slots, long dataBytes) {
        List<Slot> sorted = slots.values().stream()
                .sorted(Comparator.comparingLong(Slot::start).thenComparingLong(Slot::end))
                .toList();
        long covered = 0;
        for (Slot slot : sorted) {
            if (slot.start() != covered) {
                throw bad(
                        file,
                        "tensor '" + slot.name() + "'",
                        "begins at %d of the data, %s"
                                .formatted(slot.start(), slot.start() < covered ? "inside another" : "after a gap"),
                        "tensors one behind the other; the next free byte is " + covered);
            }
            covered = slot.end();
        }
        if (covered != dataBytes) {
            throw bad(file, "data", dataBytes + " bytes", "%d bytes, where the last tensor ends".formatted(covered));
        }
    }

    private static BadWeightFile bad(MappedFile file, String where, String found, String allowed) {
        return new BadWeightFile(file.path(), where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    @Override
    public TextMetadata metadata() {
        return metadata;
    }

    @Override
    public String toString() {
        return "%s: safetensors, %d tensors, %d bytes".formatted(path(), names().size(), bytes());
    }
}
