package microtome.model.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Composes GGUF files for tests, right or deliberately wrong: every number is written exactly as given. */
public final class GgufBuilder {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int magic = Gguf.MAGIC;
    private int version = 3;
    private long tensorCount;
    private long entryCount;
    private int alignment = 32;

    public GgufBuilder magic(int value) {
        magic = value;
        return this;
    }

    public GgufBuilder version(int value) {
        version = value;
        return this;
    }

    public GgufBuilder tensorCount(long value) {
        tensorCount = value;
        return this;
    }

    public GgufBuilder entryCount(long value) {
        entryCount = value;
        return this;
    }

    /** Alignment of the data that this builder lays out; says nothing in the file. */
    public GgufBuilder layOutAt(int value) {
        alignment = value;
        return this;
    }

    public GgufBuilder u8(String key, int value) {
        return entry(key, 0).append(entries, new byte[] {(byte) value});
    }

    public GgufBuilder u32(String key, int value) {
        return entry(key, 4).append(entries, bytes(4).putInt(value));
    }

    public GgufBuilder i32(String key, int value) {
        return entry(key, 5).append(entries, bytes(4).putInt(value));
    }

    public GgufBuilder f32(String key, float value) {
        return entry(key, 6).append(entries, bytes(4).putFloat(value));
    }

    public GgufBuilder bool(String key, int value) {
        return entry(key, 7).append(entries, new byte[] {(byte) value});
    }

    public GgufBuilder string(String key, String value) {
        return entry(key, 8).append(entries, text(value));
    }

    public GgufBuilder stringBytes(String key, byte[] value) {
        return entry(key, 8).append(entries, bytes(8).putLong(value.length)).append(entries, value);
    }

    public GgufBuilder strings(String key, List<String> values) {
        array(key, 8, values.size());
        values.forEach(value -> append(entries, text(value)));
        return this;
    }

    public GgufBuilder i32s(String key, int... values) {
        array(key, 5, values.length);
        for (int value : values) {
            append(entries, bytes(4).putInt(value));
        }
        return this;
    }

    public GgufBuilder f32s(String key, float... values) {
        array(key, 6, values.length);
        for (float value : values) {
            append(entries, bytes(4).putFloat(value));
        }
        return this;
    }

    public GgufBuilder u64(String key, long value) {
        return entry(key, 10).append(entries, bytes(8).putLong(value));
    }

    public GgufBuilder f64(String key, double value) {
        return entry(key, 12).append(entries, bytes(8).putDouble(value));
    }

    /** The head of an array; the elements are up to the caller. */
    public GgufBuilder array(String key, int elementType, long length) {
        entry(key, 9);
        append(entries, bytes(4).putInt(elementType));
        return append(entries, bytes(8).putLong(length));
    }

    /** The head of an entry; the value is up to the caller. */
    public GgufBuilder entry(String key, int type) {
        entryCount++;
        append(entries, text(key));
        return append(entries, bytes(4).putInt(type));
    }

    public GgufBuilder raw(byte[] value) {
        return append(entries, value);
    }

    /** A tensor behind the previous one, with these bytes. */
    public GgufBuilder tensor(String name, int type, byte[] value, long... innermostFirst) {
        info(name, type, data.size(), innermostFirst);
        append(data, value);
        while (data.size() % alignment != 0) {
            data.write(0);
        }
        return this;
    }

    /** A line about a tensor, true or not. */
    public GgufBuilder info(String name, int type, long offset, long... innermostFirst) {
        tensorCount++;
        append(infos, text(name));
        append(infos, bytes(4).putInt(innermostFirst.length));
        for (long extent : innermostFirst) {
            append(infos, bytes(8).putLong(extent));
        }
        append(infos, bytes(4).putInt(type));
        return append(infos, bytes(8).putLong(offset));
    }

    public GgufBuilder data(byte[] value) {
        return append(data, value);
    }

    /** Size of everything before the data. */
    public int headerBytes() {
        return 24 + entries.size() + infos.size();
    }

    public byte[] build() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        append(
                file,
                bytes(24).putInt(magic).putInt(version).putLong(tensorCount).putLong(entryCount));
        append(file, entries.toByteArray());
        append(file, infos.toByteArray());
        while (data.size() > 0 && file.size() % alignment != 0) {
            file.write(0);
        }
        append(file, data.toByteArray());
        return file.toByteArray();
    }

    public Path write(Path folder) {
        try {
            Path path = Files.createTempFile(folder, "test", ".gguf");
            return Files.write(path, build());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return bytes(8 + utf8.length).putLong(utf8.length).put(utf8);
    }

    private GgufBuilder append(ByteArrayOutputStream target, ByteBuffer value) {
        return append(target, value.array());
    }

    private GgufBuilder append(ByteArrayOutputStream target, byte[] value) {
        target.writeBytes(value);
        return this;
    }
}
