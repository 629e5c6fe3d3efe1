package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The key-value part of a GGUF file. Opening it notes where each value lies; a value is decoded when it is asked for,
 * so that a vocabulary costs nothing until a tokenizer wants it. A missing key gives an error with the nearest keys.
 */
public final class GgufMetadata implements Metadata {
    private static final int LONGEST_KEY = 65535;
    private static final int LONGEST_TEXT = 1 << 24;
    private static final int MOST_ENTRIES = 1 << 16;
    private static final int MOST_ELEMENTS = 1 << 26;
    private static final int LEAST_ENTRY_BYTES = Long.BYTES + Integer.BYTES + 1;
    /** A million tokens take 20 MB; a file that asks for more than this is not a language model. */
    private static final long LARGEST_ARRAY_BYTES = 1L << 28;

    /** Where a value lies. For an array, type is that of its elements. */
    private record Entry(GgufValueType type, boolean isArray, int count, long start, long end) {
        String kind() {
            return isArray ? "array of %d %s".formatted(count, type) : type.toString();
        }
    }

    private final Path path;
    private final MemorySegment bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private GgufMetadata(Path path, MemorySegment bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Reads the entries that start at the cursor and leaves it behind the last one. */
    static GgufMetadata read(Path path, MemorySegment bytes, ByteCursor cursor, int count) {
        GgufMetadata metadata = new GgufMetadata(path, bytes);
        for (int index = 0; index < count; index++) {
            String key = cursor.text("metadata key " + index, LONGEST_KEY);
            Entry entry = entry(cursor, "metadata '" + key + "'");
            if (metadata.entries.putIfAbsent(key, entry) != null) {
                throw cursor.bad("metadata '" + key + "'", "the key a second time", "each key once");
            }
        }
        return metadata;
    }

    static int count(ByteCursor cursor) {
        return cursor.count("metadata count", LEAST_ENTRY_BYTES, MOST_ENTRIES);
    }

    private static Entry entry(ByteCursor cursor, String where) {
        GgufValueType type = GgufValueType.ofCode(cursor, where + " type");
        return type == GgufValueType.ARRAY ? array(cursor, where) : scalar(cursor, type, where);
    }

    private static Entry scalar(ByteCursor cursor, GgufValueType type, String where) {
        long start = cursor.position();
        if (type == GgufValueType.STRING) {
            cursor.text(where, LONGEST_TEXT);
        } else {
            cursor.skip(type.size(), where);
        }
        return new Entry(type, false, 1, start, cursor.position());
    }

    private static Entry array(ByteCursor cursor, String where) {
        GgufValueType type = GgufValueType.ofCode(cursor, where + " element type");
        if (type == GgufValueType.ARRAY) {
            throw cursor.bad(where, "an array of arrays", "arrays of numbers, booleans or strings");
        }
        int leastBytes = type == GgufValueType.STRING ? Long.BYTES : type.size();
        int count = cursor.count(where + " length", leastBytes, MOST_ELEMENTS);
        long start = cursor.position();
        if (type == GgufValueType.STRING) {
            cursor.skipTexts(count, where);
        } else {
            cursor.skip((long) count * type.size(), where);
        }
        if (cursor.position() - start > LARGEST_ARRAY_BYTES) {
            throw cursor.bad(
                    where, (cursor.position() - start) + " bytes", "arrays of up to " + LARGEST_ARRAY_BYTES + " bytes");
        }
        return new Entry(type, true, count, start, cursor.position());
    }

    /** The file that the values come from. */
    public Path path() {
        return path;
    }

    @Override
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Type of the value under a key, and the number of elements of an array, in words. */
    public String kind(String key) {
        return required(key).kind();
    }

    @Override
    public String string(String key) {
        Entry entry = scalar(key, "a string", type -> type == GgufValueType.STRING);
        return new ByteCursor(path, bytes, entry.start).text("metadata '" + key + "'", LONGEST_TEXT);
    }

    /** The integer under a key, whatever its width. */
    public long longValue(String key) {
        Entry entry = scalar(key, "an integer", GgufValueType::isInteger);
        return integer(key, entry, 0);
    }

    /** The integer under a key, or the other one when the key is missing. */
    public long longValue(String key, long otherwise) {
        return has(key) ? longValue(key) : otherwise;
    }

    /** The floating point number under a key. */
    public double floatValue(String key) {
        Entry entry = scalar(key, "a floating point number", GgufValueType::isFloating);
        return floating(entry, 0);
    }

    /** The floating point number under a key, or the other one when the key is missing. */
    public double floatValue(String key, double otherwise) {
        return has(key) ? floatValue(key) : otherwise;
    }

    /** The truth value under a key. */
    public boolean booleanValue(String key) {
        Entry entry = scalar(key, "a boolean", type -> type == GgufValueType.BOOL);
        byte value = bytes.get(ValueLayout.JAVA_BYTE, entry.start);
        if (value != 0 && value != 1) {
            throw bad(key, "boolean " + (value & 0xff), "0 or 1");
        }
        return value == 1;
    }

    /** The truth value under a key, or the other one when the key is missing. */
    public boolean booleanValue(String key, boolean otherwise) {
        return has(key) ? booleanValue(key) : otherwise;
    }

    /** The integers of an array; a single integer counts as an array of one. */
    public long[] longs(String key) {
        Entry entry = required(key);
        require(key, entry, GgufValueType::isInteger, "integers");
        long[] values = new long[entry.count];
        for (int index = 0; index < values.length; index++) {
            values[index] = integer(key, entry, index);
        }
        return values;
    }

    /** The floating point numbers of an array; a single number counts as an array of one. */
    public double[] floats(String key) {
        Entry entry = required(key);
        require(key, entry, GgufValueType::isFloating, "floating point numbers");
        double[] values = new double[entry.count];
        for (int index = 0; index < values.length; index++) {
            values[index] = floating(entry, index);
        }
        return values;
    }

    /** The truth values of an array, however it holds them: as booleans or as integers. */
    public List<Boolean> booleans(String key) {
        Entry entry = required(key);
        require(key, entry, type -> type == GgufValueType.BOOL || type.isInteger(), "booleans");
        return IntStream.range(0, entry.count)
                .mapToObj(index -> entry.type == GgufValueType.BOOL
                        ? bytes.get(ValueLayout.JAVA_BYTE, entry.start + index) != 0
                        : integer(key, entry, index) != 0)
                .toList();
    }

    /** The strings of an array, decoded. */
    public List<String> strings(String key) {
        return utf8(key).toList();
    }

    /** The strings of an array, as bytes. */
    public Utf8Array utf8(String key) {
        Entry entry = required(key);
        require(key, entry, type -> type == GgufValueType.STRING, "strings");
        if (!entry.isArray) {
            throw wrongKind(key, entry, "an array of strings");
        }
        byte[] region = bytes.asSlice(entry.start, entry.end - entry.start).toArray(ValueLayout.JAVA_BYTE);
        return new Utf8Array(this, key, region, entry.count);
    }

    /** An error about the value of a key, for those who find out later that it makes no sense. */
    public BadWeightFile bad(String key, String found, String allowed) {
        return new BadWeightFile(path, "metadata '" + key + "'", found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    private Entry scalar(String key, String wanted, Predicate<GgufValueType> fits) {
        Entry entry = required(key);
        if (entry.isArray || !fits.test(entry.type)) {
            throw wrongKind(key, entry, wanted);
        }
        return entry;
    }

    private void require(String key, Entry entry, Predicate<GgufValueType> fits, String wanted) {
        if (!fits.test(entry.type)) {
            throw wrongKind(key, entry, wanted);
        }
    }

    private BadWeightFile wrongKind(String key, Entry entry, String wanted) {
        return bad(key, entry.kind(), wanted);
    }

    private Entry required(String key) {
        Entry entry = entries.get(Objects.requireNonNull(key, "key"));
        if (entry == null) {
            throw new BadWeightFile(
                    path,
                    "metadata '" + key + "'",
                    "the key is missing; " + Nearest.clause(key, entries.keySet()),
                    "a file that has it",
                    "convert the model again with a current converter");
        }
        return entry;
    }

    private long integer(String key, Entry entry, long index) {
        long at = entry.start + index * entry.type.size();
        return switch (entry.type) {
            case U8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
            case U16 -> little(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffffL;
            case I16 -> little(ValueLayout.JAVA_SHORT_UNALIGNED, at);
            case U32 -> little(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffffffffL;
            case I32 -> little(ValueLayout.JAVA_INT_UNALIGNED, at);
            case I64 -> little(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case U64 -> unsigned(key, little(ValueLayout.JAVA_LONG_UNALIGNED, at));
            case F32, F64, BOOL, STRING, ARRAY -> throw wrongKind(key, entry, "an integer");
        };
    }

    private long unsigned(String key, long value) {
        if (value < 0) {
            throw bad(key, Long.toUnsignedString(value), "0..%d".formatted(Long.MAX_VALUE));
        }
        return value;
    }

    private double floating(Entry entry, long index) {
        long at = entry.start + index * entry.type.size();
        return entry.type == GgufValueType.F32
                ? Float.intBitsToFloat(little(ValueLayout.JAVA_INT_UNALIGNED, at))
                : Double.longBitsToDouble(little(ValueLayout.JAVA_LONG_UNALIGNED, at));
    }

    private short little(ValueLayout.OfShort layout, long at) {
        return bytes.get(layout.withOrder(ByteOrder.LITTLE_ENDIAN), at);
    }

    private int little(ValueLayout.OfInt layout, long at) {
        return bytes.get(layout.withOrder(ByteOrder.LITTLE_ENDIAN), at);
    }

    private long little(ValueLayout.OfLong layout, long at) {
        return bytes.get(layout.withOrder(ByteOrder.LITTLE_ENDIAN), at);
    }
}
