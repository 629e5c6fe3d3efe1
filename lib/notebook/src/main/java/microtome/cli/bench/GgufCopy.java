package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import microtome.model.format.Gguf;
import microtome.model.format.StoredTensor;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/** Writes a GGUF file again with its matrices in another type; everything that it says about itself stays. */
final class GgufCopy {
    private static final Map<DType, Integer> CODES =
            Map.of(DType.F32, 0, DType.F16, 1, DType.Q4_0, 2, DType.Q8_0, 8, DType.BF16, 30);
    private static final int ALIGNMENT = 32;
    private static final long COUNTS = 24;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    private static final int ROWS_AT_ONCE = 1024;

    private final Engine engine;
    private final Gguf source;
    private final DType type;

    private GgufCopy(Engine engine, Gguf source, DType type) {
        this.engine = engine;
        this.source = source;
        this.type = type;
    }

    /** Writes the copy; vectors stay F32. */
    static void write(Engine engine, Path from, DType type, Path to) {
        try (var source = Gguf.open(from);
                var out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            new GgufCopy(engine, source, type).write(out);
        } catch (IOException failure) {
            throw new UncheckedIOException("%s: cannot be copied to %s".formatted(from, to), failure);
        }
    }

    private void write(FileChannel out) throws IOException {
        try (var arena = Arena.ofConfined();
                var in = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            MemorySegment file = in.map(FileChannel.MapMode.READ_ONLY, 0, in.size(), arena);
            all(out, file.asSlice(0, endOfMetadata(file)).asByteBuffer());
        }
        long offset = 0;
        for (String name : source.names()) {
            StoredTensor tensor = source.tensor(name);
            all(out, info(tensor, offset));
            offset = aligned(offset + typeOf(tensor).bytes(tensor.shape().elements()));
        }
        for (String name : source.names()) {
            out.position(aligned(out.position()));
            data(out, source.tensor(name));
        }
    }

    private DType typeOf(StoredTensor tensor) {
        return tensor.shape().rank() == 1 ? DType.F32 : type;
    }

    private ByteBuffer info(StoredTensor tensor, long offset) {
        byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
        int rank = tensor.shape().rank();
        var info = ByteBuffer.allocate(Long.BYTES + name.length + Integer.BYTES + rank * Long.BYTES + 12)
                .order(ByteOrder.LITTLE_ENDIAN);
        info.putLong(name.length).put(name).putInt(rank);
        for (int axis = rank - 1; axis >= 0; axis--) {
            info.putLong(tensor.shape().extent(axis));
        }
        return info.putInt(CODES.get(typeOf(tensor))).putLong(offset).flip();
    }

    private void data(FileChannel out, StoredTensor tensor) throws IOException {
        if (tensor.shape().rank() == 1) {
            all(out, tensor.bytes().asByteBuffer());
            return;
        }
        long rows = tensor.shape().extent(0);
        long rowBytes = tensor.bytes().byteSize() / rows;
        for (long row = 0; row < rows; row += ROWS_AT_ONCE) {
            long count = Math.min(ROWS_AT_ONCE, rows - row);
            var some = new TensorType(
                    tensor.type().dtype(), Shape.of(count, tensor.shape().extent(1)));
            try (Tensor stored = engine.wrap(tensor.bytes().asSlice(row * rowBytes, count * rowBytes), some);
                    Tensor decoded = stored.cast(DType.F32)) {
                all(out, RoundedWeights.of(decoded.toFloats(), type));
            }
        }
    }

    /** Where the descriptions of tensors begin. The file was checked when it was opened. */
    private static long endOfMetadata(MemorySegment file) {
        long entries = u64(file, COUNTS - Long.BYTES);
        long at = COUNTS;
        for (long entry = 0; entry < entries; entry++) {
            long value = at + Long.BYTES + u64(file, at) + Integer.BYTES;
            at = afterValue(file, value, u32(file, value - Integer.BYTES));
        }
        return at;
    }

    private static long afterValue(MemorySegment file, long at, int type) {
        if (type == STRING) {
            return at + Long.BYTES + u64(file, at);
        }
        if (type != ARRAY) {
            return at + VALUE_BYTES[type];
        }
        int element = u32(file, at);
        long count = u64(file, at + Integer.BYTES);
        long first = at + Integer.BYTES + Long.BYTES;
        if (element != STRING) {
            return first + count * VALUE_BYTES[element];
        }
        long next = first;
        for (long i = 0; i < count; i++) {
            next = afterValue(file, next, STRING);
        }
        return next;
    }

    private static int u32(MemorySegment file, long at) {
        return file.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }

    private static long u64(MemorySegment file, long at) {
        return file.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void all(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
