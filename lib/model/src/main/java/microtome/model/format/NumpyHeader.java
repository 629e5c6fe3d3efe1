package microtome.model.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an {@code .npy} file says before its data.
 *
 * @param descr what NumPy calls the type: a string such as {@code <f4}, or a list of fields
 * @param fortranOrder whether the first axis is the innermost
 * @param bytes where the data begins
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The format</a>
 */
record NumpyHeader(Object descr, boolean fortranOrder, long[] extents, int bytes) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic, version, and the longer form of the length. */
    static final int HEAD = 12;

    /** As in NumPy, unless that is told to trust the file. */
    private static final int LONGEST = 10_000;

    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

    /** Where the data begins, from the first bytes, {@link #HEAD} of them unless the file is shorter. */
    static int bytes(NumpyPlace place, byte[] head) {
        if (head.length < HEAD || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw place.bad(
                    "byte 0", head.length + " bytes that do not begin like an array", "\\x93NUMPY and a header");
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int major = head[6];
        if (major < 1 || major > 3 || head[7] != 0) {
            throw place.bad("byte 6 (version)", "version %d.%d".formatted(major, head[7]), "1.0, 2.0 and 3.0");
        }
        long start = major == 1 ? 10 : HEAD;
        long length = major == 1 ? fields.getShort(8) & 0xffffL : fields.getInt(8) & 0xffffffffL;
        if (length > LONGEST) {
            throw place.bad("byte 8 (header length)", Long.toString(length), "0..%d".formatted(LONGEST));
        }
        return (int) (start + length);
    }

    /** Reads a whole header, up to where the data begins. */
    static NumpyHeader parse(NumpyPlace place, byte[] header) {
        int major = header[6];
        int start = major == 1 ? 10 : HEAD;
        byte[] literal = Arrays.copyOfRange(header, start, header.length);
        Object value = PythonLiteral.parse(place, text(place, literal, major));
        if (!(value instanceof Map<?, ?> entries) || !entries.keySet().equals(KEYS)) {
            throw place.bad("header", "other entries", "a dictionary of exactly descr, fortran_order and shape");
        }
        if (!(entries.get("fortran_order") instanceof Boolean fortranOrder)) {
            throw place.bad("fortran_order", "something else", "True or False");
        }
        return new NumpyHeader(entries.get("descr"), fortranOrder, extents(place, entries.get("shape")), header.length);
    }

    private static String text(NumpyPlace place, byte[] literal, int major) {
        if (major < 3) {
            return new String(literal, StandardCharsets.ISO_8859_1);
        }
        try {
            return Utf8.text(literal);
        } catch (CharacterCodingException notUtf8) {
            throw place.bad("header", "bytes that are not UTF-8", "UTF-8").because(notUtf8);
        }
    }

    private static long[] extents(NumpyPlace place, Object shape) {
        if (!(shape instanceof List<?> list)) {
            throw place.bad("shape", "something else", "a tuple of whole numbers, such as (3,)");
        }
        return list.stream().mapToLong(extent -> extent(place, extent)).toArray();
    }

    private static long extent(NumpyPlace place, Object extent) {
        if (extent instanceof Long length && length >= 0) {
            return length;
        }
        throw place.bad("shape", "an extent that is no number from 0", "a tuple of whole numbers, such as (3,)");
    }
}
