package microtome.model.corpus.fold;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.model.format.Safetensors;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.tensor.Shape;

/** Plain arrays with names in a safetensors file, which says what kind of result it holds. */
final class ResultFile implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String KIND = "microtome result";

    private final Safetensors file;

    private ResultFile(Safetensors file) {
        this.file = file;
    }

    private record Part(StoredType type, Shape shape, MemorySegment values) {}

    /** What will be written. */
    static final class Content {
        private final String kind;
        private final Map<String, Part> parts = new LinkedHashMap<>();

        private Content(String kind) {
            this.kind = kind;
        }

        Content put(String name, double[] values, Shape shape) {
            return put(name, StoredType.F64, shape, MemorySegment.ofArray(values));
        }

        Content put(String name, long[] values, Shape shape) {
            return put(name, StoredType.I64, shape, MemorySegment.ofArray(values));
        }

        Content put(String name, int[] values, Shape shape) {
            return put(name, StoredType.I32, shape, MemorySegment.ofArray(values));
        }

        /** A square matrix. */
        Content put(String name, double[][] rows) {
            var flat = new double[rows.length * rows.length];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(rows[i], 0, flat, i * rows.length, rows.length);
            }
            return put(name, flat, Shape.of(rows.length, rows.length));
        }

        private Content put(String name, StoredType type, Shape shape, MemorySegment values) {
            parts.put(name, new Part(type, shape, values));
            return this;
        }

        void write(Path target) {
            try (var writer = SafetensorsWriter.to(target).metadata(KIND, kind)) {
                parts.forEach((name, part) -> writer.declare(name, part.type, part.shape));
                parts.forEach((name, part) -> writer.write(name, part.values));
                writer.finish();
            }
        }
    }

    static Content of(String kind) {
        return new Content(kind);
    }

    static ResultFile open(Path path, String kind) {
        Safetensors file = Safetensors.open(path);
        String found = file.metadata().has(KIND) ? file.metadata().string(KIND) : "something else";
        if (!found.equals(kind)) {
            file.close();
            throw new IllegalArgumentException("%s: holds %s, not %s".formatted(path, found, kind));
        }
        return new ResultFile(file);
    }

    Shape shape(String name) {
        return file.tensor(name).shape();
    }

    double[] doubles(String name) {
        return bytes(name, StoredType.F64)
                .toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    long[] longs(String name) {
        return bytes(name, StoredType.I64).toArray(LONG);
    }

    int[] ints(String name) {
        return bytes(name, StoredType.I32).toArray(INT);
    }

    double[][] matrix(String name) {
        double[] flat = doubles(name);
        int side = (int) shape(name).extent(0);
        var rows = new double[side][side];
        for (int i = 0; i < side; i++) {
            System.arraycopy(flat, i * side, rows[i], 0, side);
        }
        return rows;
    }

    private MemorySegment bytes(String name, StoredType type) {
        StoredTensor tensor = file.tensor(name);
        if (tensor.storedType() != type) {
            throw new IllegalArgumentException(
                    "%s: '%s' is stored as %s, expected %s".formatted(file.path(), name, tensor.storedType(), type));
        }
        return tensor.bytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
