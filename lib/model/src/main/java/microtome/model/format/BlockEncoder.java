package microtome.model.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import microtome.tensor.DType;

/** Rounds numbers to the blocks of 32 of a GGUF file, as llama.cpp's reference functions do. */
public final class BlockEncoder {
    private static final int BLOCK = 32;
    private static final int LARGEST_BYTE = 127;
    private static final int LARGEST_NIBBLE = 15;

    private BlockEncoder() {}

    /** Whether there is an encoder for a type. */
    public static boolean encodes(DType type) {
        return type == DType.Q8_0 || type == DType.Q4_1;
    }

    /**
     * The bytes of numbers in blocks of a type.
     *
     * @param values finite, whole blocks of them
     * @param type Q8_0 or Q4_1
     */
    public static byte[] encode(float[] values, DType type) {
        if (!encodes(type)) {
            throw new IllegalArgumentException("numbers are rounded to Q8_0 or Q4_1, not to %s".formatted(type));
        }
        var bytes =
                ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length))).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < values.length; first += BLOCK) {
            if (type == DType.Q8_0) {
                eightBits(values, first, bytes);
            } else {
                fourBits(values, first, bytes);
            }
        }
        return bytes.array();
    }

    /** The scale, then 32 signed bytes. */
    private static void eightBits(float[] values, int first, ByteBuffer bytes) {
        float most = 0;
        for (int i = first; i < first + BLOCK; i++) {
            most = Math.max(most, Math.abs(values[i]));
        }
        float scale = most / LARGEST_BYTE;
        float inverse = scale == 0 ? 0 : 1 / scale;
        bytes.putShort(Float.floatToFloat16(scale));
        for (int i = first; i < first + BLOCK; i++) {
            bytes.put((byte) Math.clamp(Math.round(values[i] * inverse), -LARGEST_BYTE, LARGEST_BYTE));
        }
    }

    /** The step and the minimum, then 16 bytes with element j in the low and element j + 16 in the high half of byte j. */
    private static void fourBits(float[] values, int first, ByteBuffer bytes) {
        float least = values[first];
        float most = values[first];
        for (int i = first; i < first + BLOCK; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        float step = (most - least) / LARGEST_NIBBLE;
        float inverse = step == 0 ? 0 : 1 / step;
        bytes.putShort(Float.floatToFloat16(step));
        bytes.putShort(Float.floatToFloat16(least));
        for (int i = first; i < first + BLOCK / 2; i++) {
            int low = nibble((values[i] - least) * inverse);
            int high = nibble((values[i + BLOCK / 2] - least) * inverse);
            bytes.put((byte) (low | high << 4));
        }
    }

    private static int nibble(float steps) {
        return Math.clamp((int) (steps + 0.5f), 0, LARGEST_NIBBLE);
    }
}
