package microtome.model.format;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The types of metadata values in a GGUF file; a constant's ordinal is its code. */
enum GgufValueType {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    F32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    U64(8),
    I64(8),
    F64(8);

    private static final GgufValueType[] BY_CODE = values();

    private final int size;

    GgufValueType(int size) {
        this.size = size;
    }

    /** Bytes of a value; 0 where they vary. */
    int size() {
        return size;
    }

    boolean isInteger() {
        return this != F32 && this != F64 && this != BOOL && this != STRING && this != ARRAY;
    }

    boolean isFloating() {
        return this == F32 || this == F64;
    }

    static GgufValueType ofCode(ByteCursor cursor, String where) {
        int code = cursor.u32(where);
        if (code < 0 || code >= BY_CODE.length) {
            throw cursor.bad(
                    where,
                    "value type %d".formatted(Integer.toUnsignedLong(code)),
                    Arrays.stream(BY_CODE)
                            .map(type -> type.ordinal() + " " + type)
                            .collect(Collectors.joining(", ")));
        }
        return BY_CODE[code];
    }
}
