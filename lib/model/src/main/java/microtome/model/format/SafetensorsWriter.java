package microtome.model.format;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.tensor.Shape;

/**
 * Writes a safetensors file: first all names with types and shapes, then the values in the same order, straight to the
 * disk. The file appears under its name only when {@link #finish} was called; closing without that leaves nothing.
 *
 * <pre>{@code
 * try (var writer = SafetensorsWriter.to(path)
 *         .declare("token_ids", StoredType.I32, Shape.of(5))
 *         .declare("logits", StoredType.F32, Shape.of(5, 49152))) {
 *     writer.write("token_ids", ids);
 *     writer.write("logits", logits);
 *     writer.finish();
 * }
 * }</pre>
 */
public final class SafetensorsWriter implements AutoCloseable {
    private record Declared(StoredType type, Shape shape, long bytes) {}

    private final Path target;
    private final Map<String, Declared> declared = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private Iterator<Map.Entry<String, Declared>> next;
    private UnfinishedFile file;

    private SafetensorsWriter(Path target) {
        this.target = target;
    }

    /** A writer of this file, which is replaced if it exists. */
    public static SafetensorsWriter to(Path target) {
        return new SafetensorsWriter(target);
    }

    /** Adds a line of text about the file. */
    public SafetensorsWriter metadata(String key, String value) {
        requireNotStarted();
        metadata.put(key, value);
        return this;
    }

    /** Announces a tensor; tensors lie in the file in the order of these calls. */
    public SafetensorsWriter declare(String name, StoredType type, Shape shape) {
        requireNotStarted();
        if (StoredType.ofSafetensorsName(type.name()).isEmpty()) {
            throw new IllegalArgumentException("tensor '%s': safetensors has no type %s; it has %s"
                    .formatted(name, type, StoredType.safetensorsNames()));
        }
        long bytes = Math.multiplyExact(shape.elements(), (long) type.blockBytes());
        if (name.equals("__metadata__") || declared.putIfAbsent(name, new Declared(type, shape, bytes)) != null) {
            throw new IllegalArgumentException("tensor '%s': the name is taken".formatted(name));
        }
        return this;
    }

    /** Writes the values of the next tensor, 32-bit floating point numbers. */
    public void write(String name, float[] values) {
        write(name, StoredType.F32, MemorySegment.ofArray(values));
    }

    /** Writes the values of the next tensor, 32-bit integers. */
    public void write(String name, int[] values) {
        write(name, StoredType.I32, MemorySegment.ofArray(values));
    }

    /** Writes the bytes of the next tensor as they are: little-endian, row-major. */
    public void write(String name, MemorySegment bytes) {
        write(name, null, bytes);
    }

    private void write(String name, StoredType type, MemorySegment bytes) {
        start();
        if (!next.hasNext()) {
            throw new IllegalStateException("tensor '%s': all declared tensors are written".formatted(name));
        }
        Map.Entry<String, Declared> expected = next.next();
        Declared wanted = expected.getValue();
        boolean typeFits = type == null || type == wanted.type;
        if (!expected.getKey().equals(name) || !typeFits || bytes.byteSize() != wanted.bytes) {
            throw new IllegalArgumentException("got tensor '%s'%s with %d bytes; next is '%s' %s %s with %d bytes"
                    .formatted(
                            name,
                            type == null ? "" : " " + type,
                            bytes.byteSize(),
                            expected.getKey(),
                            wanted.type,
                            wanted.shape,
                            wanted.bytes));
        }
        file.write(bytes);
    }

    /** Puts the complete file in its place in one step. */
    public void finish() {
        start();
        if (next.hasNext()) {
            throw new IllegalStateException("tensor '%s' was declared and not written"
                    .formatted(next.next().getKey()));
        }
        file.finish();
    }

    /** Removes what is there of a file that was not finished. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private void requireNotStarted() {
        if (next != null) {
            throw new IllegalStateException(
                    target + ": the header is written; declare everything before the first write");
        }
    }

    private void start() {
        if (next != null) {
            return;
        }
        next = declared.entrySet().iterator();
        byte[] header = header();
        file = UnfinishedFile.of(target);
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        length.putLong(0, header.length);
        file.write(MemorySegment.ofBuffer(length));
        file.write(MemorySegment.ofArray(header));
    }

    private byte[] header() {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            json.append("\"__metadata__\":{");
            metadata.forEach((key, value) ->
                    json.append(quoted(key)).append(':').append(quoted(value)).append(','));
            json.setCharAt(json.length() - 1, '}');
            json.append(',');
        }
        long begin = 0;
        for (Map.Entry<String, Declared> line : declared.entrySet()) {
            Declared tensor = line.getValue();
            json.append("%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]},"
                    .formatted(quoted(line.getKey()), tensor.type, tensor.shape, begin, begin + tensor.bytes));
            begin = Math.addExact(begin, tensor.bytes);
        }
        json.setLength(json.length() - (json.length() > 1 ? 1 : 0));
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = new byte[(text.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(text, 0, padded, 0, text.length);
        return padded;
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
