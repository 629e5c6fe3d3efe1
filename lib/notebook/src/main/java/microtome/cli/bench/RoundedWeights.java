package microtome.cli.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import microtome.tensor.DType;

/** Rounds rows of F32 to the storage types whose speed is measured. The plainest rounding: speed does not depend on it. */
final class RoundedWeights {
    private static final int BLOCK = 32;

    private RoundedWeights() {}

    /** The bytes of these values, whose number is whole blocks of the type. */
    static ByteBuffer of(float[] values, DType type) {
        var bytes =
                ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length))).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F16 -> {
                for (float value : values) {
                    bytes.putShort(Float.floatToFloat16(value));
                }
            }
            case BF16 -> {
                for (float value : values) {
                    bytes.putShort(bfloat16(value));
                }
            }
            case Q8_0 -> {
                for (int block = 0; block < values.length; block += BLOCK) {
                    eightBits(values, block, bytes);
                }
            }
            case Q4_0 -> {
                for (int block = 0; block < values.length; block += BLOCK) {
                    fourBits(values, block, bytes);
                }
            }
            default ->
                throw new IllegalArgumentException("weights are rounded to F16, BF16, Q8_0 or Q4_0, not " + type);
        }
        return bytes.flip();
    }

    /** To nearest, ties to even; a weight is never NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** A scale, and quants from -127 to 127. */
    private static void eightBits(float[] values, int block, ByteBuffer bytes) {
        float scale = half(Math.abs(values[largest(values, block)]) / 127, bytes);
        for (int i = block; i < block + BLOCK; i++) {
            bytes.put((byte) quant(values[i], scale, 0, -127, 127));
        }
    }

    /** A scale that makes the largest value -8, and quants from 0 to 15 that stand for -8 to 7. */
    private static void fourBits(float[] values, int block, ByteBuffer bytes) {
        float scale = half(values[largest(values, block)] / -8, bytes);
        for (int i = block; i < block + BLOCK / 2; i++) {
            int low = quant(values[i], scale, 8, 0, 15);
            int high = quant(values[i + BLOCK / 2], scale, 8, 0, 15);
            bytes.put((byte) (low | high << 4));
        }
    }

    private static int largest(float[] values, int block) {
        int largest = block;
        for (int i = block + 1; i < block + BLOCK; i++) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        return largest;
    }

    private static int quant(float value, float scale, int middle, int least, int most) {
        int quant = scale == 0 ? middle : Math.round(value / scale) + middle;
        return Math.clamp(quant, least, most);
    }

    /** Writes a half and gives back what it stands for. */
    private static float half(float value, ByteBuffer bytes) {
        short bits = Float.floatToFloat16(value);
        bytes.putShort(bits);
        return Float.float16ToFloat(bits);
    }
}
