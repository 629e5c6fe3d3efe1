package microtome.model.format;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import microtome.tensor.Shape;

/**
 * Writes arrays for NumPy: one as {@code .npy}, or several as {@code .npz} without compression. Equal values give equal
 * bytes. A file appears under its name only when it is complete.
 *
 * <pre>{@code
 * NumpyWriter.array(path, Shape.of(5, 49152), logits);        // numpy.load("logits.npy")
 * try (var writer = NumpyWriter.to(path)) {                   // numpy.load("run.npz")["logits"]
 *     writer.write("token_ids", Shape.of(5), ids);
 *     writer.write("logits", Shape.of(5, 49152), logits);
 *     writer.finish();
 * }
 * }</pre>
 */
public final class NumpyWriter implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int PREFIX = 10;
    private static final int STEP = 1 << 16;
    private static final String ENDING = ".npy";

    private final UnfinishedFile file;
    private final Set<String> names = new LinkedHashSet<>();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long position;

    private NumpyWriter(UnfinishedFile file) {
        this.file = file;
    }

    /** A writer of this {@code .npz} file, which is replaced if it exists. */
    public static NumpyWriter to(Path target) {
        return new NumpyWriter(UnfinishedFile.of(target));
    }

    /** Writes an {@code .npy} file of 32-bit floating point numbers. */
    public static void array(Path target, Shape shape, float[] values) {
        array(target, StoredType.F32, shape, MemorySegment.ofArray(values));
    }

    /** Writes an {@code .npy} file of 32-bit integers. */
    public static void array(Path target, Shape shape, int[] values) {
        array(target, StoredType.I32, shape, MemorySegment.ofArray(values));
    }

    /** Writes an {@code .npy} file of bytes as they are: little-endian, row-major. */
    public static void array(Path target, StoredType type, Shape shape, MemorySegment bytes) {
        byte[] header = header(target.getFileName().toString(), type, shape, bytes);
        try (UnfinishedFile file = UnfinishedFile.of(target)) {
            file.write(MemorySegment.ofArray(header));
            file.write(bytes);
            file.finish();
        }
    }

    /** Adds an array of 32-bit floating point numbers. */
    public NumpyWriter write(String name, Shape shape, float[] values) {
        return write(name, StoredType.F32, shape, MemorySegment.ofArray(values));
    }

    /** Adds an array of 64-bit floating point numbers. */
    public NumpyWriter write(String name, Shape shape, double[] values) {
        return write(name, StoredType.F64, shape, MemorySegment.ofArray(values));
    }

    /** Adds an array of 32-bit integers. */
    public NumpyWriter write(String name, Shape shape, int[] values) {
        return write(name, StoredType.I32, shape, MemorySegment.ofArray(values));
    }

    /** Adds an array of bytes as they are: little-endian, row-major. */
    public NumpyWriter write(String name, StoredType type, Shape shape, MemorySegment bytes) {
        byte[] header = header(name, type, shape, bytes);
        if (!ZipEntry.isPlain(name) || name.length() > 255) {
            throw new IllegalArgumentException(
                    "array '%s': a name must be 1 to 255 characters of a relative path".formatted(name));
        }
        if (!names.add(name)) {
            throw new IllegalArgumentException("array '%s': the name is taken".formatted(name));
        }
        long size = Math.addExact(header.length, bytes.byteSize());
        long checksum = checksum(header, bytes);
        directory.writeBytes(ZipWriting.entry(name + ENDING, size, checksum, position));
        write(ZipWriting.header(name + ENDING, size, checksum));
        write(header);
        file.write(bytes);
        position += bytes.byteSize();
        return this;
    }

    private void write(byte[] bytes) {
        file.write(MemorySegment.ofArray(bytes));
        position += bytes.length;
    }

    private static long checksum(byte[] header, MemorySegment bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(header);
        byte[] step = new byte[(int) Math.min(STEP, bytes.byteSize())];
        for (long from = 0; from < bytes.byteSize(); from += step.length) {
            int length = (int) Math.min(step.length, bytes.byteSize() - from);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, step, 0, length);
            checksum.update(step, 0, length);
        }
        return checksum.getValue();
    }

    /** Version 1.0: the data begins at a multiple of 64. */
    private static byte[] header(String name, StoredType type, Shape shape, MemorySegment bytes) {
        String descr = NumpyType.descr(type);
        if (descr == null) {
            throw new IllegalArgumentException(
                    "array '%s': NumPy has no type %s; write F32, or a safetensors file".formatted(name, type));
        }
        if (bytes.byteSize() != type.bytes(shape)) {
            throw new IllegalArgumentException("array '%s': %s %s takes %d bytes, got %d"
                    .formatted(name, type, shape, type.bytes(shape), bytes.byteSize()));
        }
        String entries =
                "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, tuple(shape.extents()));
        int length = (PREFIX + entries.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = new byte[length];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NumpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) (length - PREFIX))
                .put(entries.getBytes(StandardCharsets.US_ASCII));
        header[length - 1] = '\n';
        return header;
    }

    private static String tuple(long[] extents) {
        String list = LongStream.of(extents).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return extents.length == 1 ? "(" + list + ",)" : "(" + list + ")";
    }

    /** Puts the complete file in its place in one step. */
    public void finish() {
        byte[] entries = directory.toByteArray();
        byte[] end = ZipWriting.end(names.size(), position, entries.length);
        write(entries);
        write(end);
        file.finish();
    }

    /** Removes what is there of a file that was not finished. */
    @Override
    public void close() {
        file.close();
    }
}
