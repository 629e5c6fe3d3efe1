package microtome.tensor.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/**
 * Writes GGUF blocks from known scales and quants, and keeps the numbers that they stand for: the way back that a decoder
 * has to find.
 *
 * @param values what the blocks hold, exactly
 */
record BlockWriter(TensorType type, byte[] bytes, double[] values) {

    /** Random scales and quants for a matrix of this block type. */
    static BlockWriter random(Random random, DType type, int rows, int columns) {
        int blocks = rows * columns / type.blockElements();
        var bytes = ByteBuffer.allocate(blocks * type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
        var values = new double[rows * columns];
        for (int block = 0; block < blocks; block++) {
            var one = bytes.slice(block * type.blockBytes(), type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
            var written = block(random, type, one);
            System.arraycopy(written, 0, values, block * written.length, written.length);
        }
        return new BlockWriter(TensorType.of(type, rows, columns), bytes.array(), values);
    }

    Tensor on(Engine engine) {
        return engine.tensor(MemorySegment.ofArray(bytes), type);
    }

    /** A copy in native memory, this many bytes after an aligned address, as a mapped file would have it. */
    MemorySegment at(Arena arena, int offset) {
        var memory = arena.allocate(offset + bytes.length, 64).asSlice(offset);
        memory.copyFrom(MemorySegment.ofArray(bytes));
        return memory;
    }

    private static double[] block(Random random, DType type, ByteBuffer bytes) {
        return switch (type) {
            case Q4_0 -> small(random, bytes, false, false);
            case Q4_1 -> small(random, bytes, true, false);
            case Q5_0 -> small(random, bytes, false, true);
            case Q5_1 -> small(random, bytes, true, true);
            case Q8_0 -> eightBits(random, bytes);
            case Q4_K -> superBlock(random, bytes, false);
            case Q5_K -> superBlock(random, bytes, true);
            case Q6_K -> sixBits(random, bytes);
            default -> throw new IllegalArgumentException(type + " has no blocks");
        };
    }

    private static double[] small(Random random, ByteBuffer bytes, boolean minimum, boolean fiveBits) {
        double d = half(random, bytes, 0);
        double m = minimum ? half(random, bytes, 2) : 0;
        int high = minimum ? 4 : 2;
        int low = high + (fiveBits ? 4 : 0);
        var values = new double[32];
        for (int j = 0; j < 32; j++) {
            int quant = random.nextInt(fiveBits ? 32 : 16);
            or(bytes, low + j % 16, (quant & 15) << (j < 16 ? 0 : 4));
            if (fiveBits) {
                or(bytes, high + j / 8, (quant >> 4) << j % 8);
            }
            int middle = minimum ? 0 : fiveBits ? 16 : 8;
            values[j] = d * (quant - middle) + m;
        }
        return values;
    }

    private static double[] eightBits(Random random, ByteBuffer bytes) {
        double d = half(random, bytes, 0);
        var values = new double[32];
        for (int j = 0; j < 32; j++) {
            byte quant = (byte) random.nextInt(256);
            bytes.put(2 + j, quant);
            values[j] = d * quant;
        }
        return values;
    }

    private static double[] superBlock(Random random, ByteBuffer bytes, boolean fiveBits) {
        double d = half(random, bytes, 0);
        double least = half(random, bytes, 2);
        int quants = fiveBits ? 48 : 16;
        var values = new double[256];
        for (int group = 0; group < 8; group++) {
            int scale = random.nextInt(64);
            int minimum = random.nextInt(64);
            writeScale(bytes, group, scale, minimum);
            for (int i = 0; i < 32; i++) {
                int quant = random.nextInt(fiveBits ? 32 : 16);
                or(bytes, quants + 32 * (group / 2) + i, (quant & 15) << 4 * (group % 2));
                if (fiveBits) {
                    or(bytes, 16 + i, (quant >> 4) << group);
                }
                values[32 * group + i] = d * scale * quant - least * minimum;
            }
        }
        return values;
    }

    /** Groups 0..3 use six bits of bytes g and g + 4; of groups 4..7 the upper two bits go on top of those bytes. */
    private static void writeScale(ByteBuffer bytes, int group, int scale, int minimum) {
        int at = 4;
        if (group < 4) {
            or(bytes, at + group, scale);
            or(bytes, at + group + 4, minimum);
        } else {
            or(bytes, at + group + 4, scale & 15 | (minimum & 15) << 4);
            or(bytes, at + group - 4, scale >> 4 << 6);
            or(bytes, at + group, minimum >> 4 << 6);
        }
    }

    private static double[] sixBits(Random random, ByteBuffer bytes) {
        double d = half(random, bytes, 208);
        var scales = new byte[16];
        random.nextBytes(scales);
        bytes.put(192, scales);
        var values = new double[256];
        for (int part = 0; part < 2; part++) {
            for (int i = 0; i < 32; i++) {
                for (int k = 0; k < 4; k++) {
                    int quant = random.nextInt(64);
                    or(bytes, 64 * part + i + (k % 2 == 1 ? 32 : 0), (quant & 15) << (k >= 2 ? 4 : 0));
                    or(bytes, 128 + 32 * part + i, (quant >> 4) << 2 * k);
                    int element = 128 * part + 32 * k + i;
                    values[element] = d * scales[element / 16] * (quant - 32);
                }
            }
        }
        return values;
    }

    private static double half(Random random, ByteBuffer bytes, int at) {
        short bits = Float.floatToFloat16((float) (random.nextGaussian() / 16));
        bytes.putShort(at, bits);
        return Float.float16ToFloat(bits);
    }

    private static void or(ByteBuffer bytes, int at, int bits) {
        bytes.put(at, (byte) (bytes.get(at) | bits));
    }
}
