package microtome.model.format;

import java.util.Map;
import java.util.function.Supplier;

/** What NumPy calls the types of arrays, and what to do about those that are not read. */
final class NumpyType {
    private static final Map<String, StoredType> READ = Map.ofEntries(
            Map.entry("f4", StoredType.F32),
            Map.entry("f2", StoredType.F16),
            Map.entry("f8", StoredType.F64),
            Map.entry("i1", StoredType.I8),
            Map.entry("i2", StoredType.I16),
            Map.entry("i4", StoredType.I32),
            Map.entry("i8", StoredType.I64),
            Map.entry("u1", StoredType.U8),
            Map.entry("u2", StoredType.U16),
            Map.entry("u4", StoredType.U32),
            Map.entry("u8", StoredType.U64),
            Map.entry("b1", StoredType.BOOL),
            Map.entry("c8", StoredType.C64));
    private static final String ALLOWED =
            "little-endian f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8, b1 and c8, such as '<f4' or '|u1'";

    private static final String RECORDS = "records";
    private static final int LONGEST_SHOWN = 40;

    private NumpyType() {}

    /** The stored type of a descr, or null if there is none that is read. */
    static StoredType of(Object descr) {
        if (!(descr instanceof String name) || name.length() < 2) {
            return null;
        }
        StoredType type = READ.get(name.substring(1));
        char order = name.charAt(0);
        boolean readable = order == '<' || type != null && type.blockBytes() == 1 && (order == '|' || order == '>');
        return readable ? type : null;
    }

    /** The descr of a stored type, or null if NumPy has none. */
    static String descr(StoredType type) {
        return READ.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(entry -> (type.blockBytes() == 1 ? "|" : "<") + entry.getKey())
                .findFirst()
                .orElse(null);
    }

    /** The error for an array of a type that is not read, with what to do in Python; keeps nothing large of the header. */
    static Supplier<BadWeightFile> refusal(NumpyPlace place, Object descr) {
        String text = descr instanceof String name ? name : RECORDS;
        String name = text.substring(0, Math.min(text.length(), LONGEST_SHOWN));
        boolean objects = descr.toString().contains("|O");
        return () -> place.bad("descr", found(name, objects), ALLOWED, fix(name, objects));
    }

    private static String found(String name, boolean objects) {
        if (objects) {
            return "an array of Python objects, stored as a pickle, which runs a program of its own when it is read";
        }
        return switch (kind(name)) {
            case 'U', 'S', 'a' -> "an array of texts ('%s')".formatted(name);
            case 'V' ->
                "an array of raw bytes ('%s'), as which NumPy saves types that it does not know".formatted(name);
            case '?' -> "an array of records with named fields";
            default -> isSwapped(name) ? "big-endian numbers ('%s')".formatted(name) : "the type '%s'".formatted(name);
        };
    }

    private static String fix(String name, boolean objects) {
        if (objects) {
            return "make it numbers before it is saved: array = numpy.array(array.tolist(), 'float32')";
        }
        return switch (kind(name)) {
            case 'U', 'S', 'a' -> "leave texts out of the file, or save them as JSON";
            case 'V' -> "change the type before it is saved: array = array.astype('float32')";
            case '?' -> "save every field by itself: numpy.savez(path, **{f: array[f] for f in array.dtype.names})";
            default ->
                isSwapped(name)
                        ? "swap before it is saved: array = array.astype('<%s')".formatted(name.substring(1))
                        : "change the type before it is saved: array = array.astype('float32')";
        };
    }

    private static boolean isSwapped(String name) {
        return name.startsWith(">") && READ.containsKey(name.substring(1));
    }

    /** The letter of the kind, as NumPy has it; a question mark for records. */
    private static char kind(String name) {
        return name.equals(RECORDS) || name.length() < 2 ? '?' : name.charAt(1);
    }
}
