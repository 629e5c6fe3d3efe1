package microtome.tensor.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import microtome.tensor.DType;

/**
 * Decodes the block types of GGUF files. In every block {@code d} (and {@code m}) are F16 scalars, and a byte of quants
 * holds two elements in its low and high four bits.
 */
final class Blocks {
    private static final int SMALL = 32;
    private static final int LARGE = 256;

    private Blocks() {}

    /** Decodes the block at byte {@code at} into {@code target[first...]}. */
    static void decode(DType type, MemorySegment memory, long at, double[] target, int first) {
        switch (type) {
            case Q4_0 -> small(memory, at, target, first, new Small(-1, -1, 2, 8));
            case Q4_1 -> small(memory, at, target, first, new Small(2, -1, 4, 0));
            case Q5_0 -> small(memory, at, target, first, new Small(-1, 2, 6, 16));
            case Q5_1 -> small(memory, at, target, first, new Small(2, 4, 8, 0));
            case Q8_0 -> bytes(memory, at, target, first);
            case Q4_K -> groups(memory, at, target, first, false);
            case Q5_K -> groups(memory, at, target, first, true);
            case Q6_K -> sixBits(memory, at, target, first);
            case F32, F16, BF16, F64, I32 -> throw new AssertionError(type + " has no blocks");
        }
    }

    /** Where a block of 32 keeps its minimum, its fifth bits (-1: it has none) and its quants, and what is taken off them. */
    private record Small(int minimum, int fifthBits, int quants, int offset) {}

    /** Value {@code d * (q - offset) + m}; element j is the low half of byte j, element j + 16 its high half. */
    private static void small(MemorySegment memory, long at, double[] target, int first, Small layout) {
        double scale = half(memory, at);
        double minimum = layout.minimum < 0 ? 0 : half(memory, at + layout.minimum);
        int fifth = layout.fifthBits < 0 ? 0 : memory.get(JAVA_INT_UNALIGNED, at + layout.fifthBits);
        for (int j = 0; j < SMALL; j++) {
            int pair = unsigned(memory, at + layout.quants + j % 16);
            int quant = (j < 16 ? pair & 15 : pair >> 4) | (fifth >>> j & 1) << 4;
            target[first + j] = scale * (quant - layout.offset) + minimum;
        }
    }

    /** Value {@code d * q} with signed bytes. */
    private static void bytes(MemorySegment memory, long at, double[] target, int first) {
        double scale = half(memory, at);
        for (int j = 0; j < SMALL; j++) {
            target[first + j] = scale * memory.get(JAVA_BYTE, at + 2 + j);
        }
    }

    /**
     * Q4_K and Q5_K: eight groups of 32 with value {@code d * scale * q - dmin * minimum}. Groups 2c and 2c + 1 are the low
     * and high halves of the same 32 bytes; the fifth bit of element i in group g is bit g of {@code high[i]}.
     */
    private static void groups(MemorySegment memory, long at, double[] target, int first, boolean fiveBits) {
        double scale = half(memory, at);
        double minimum = half(memory, at + 2);
        long high = at + 16;
        long quants = fiveBits ? high + 32 : high;
        for (int group = 0; group < LARGE / SMALL; group++) {
            double step = scale * groupScale(memory, at + 4, group);
            double base = minimum * groupMinimum(memory, at + 4, group);
            for (int i = 0; i < SMALL; i++) {
                int pair = unsigned(memory, quants + group / 2 * SMALL + i);
                int quant = group % 2 == 0 ? pair & 15 : pair >> 4;
                if (fiveBits) {
                    quant |= (unsigned(memory, high + i) >> group & 1) << 4;
                }
                target[first + group * SMALL + i] = step * quant - base;
            }
        }
    }

    /** Six bits: groups 0..3 in the low bits of bytes 0..3, groups 4..7 in bytes 8..11 plus the top of bytes 0..3. */
    private static int groupScale(MemorySegment memory, long scales, int group) {
        if (group < 4) {
            return unsigned(memory, scales + group) & 63;
        }
        return unsigned(memory, scales + group + 4) & 15 | unsigned(memory, scales + group - 4) >> 6 << 4;
    }

    private static int groupMinimum(MemorySegment memory, long scales, int group) {
        if (group < 4) {
            return unsigned(memory, scales + group + 4) & 63;
        }
        return unsigned(memory, scales + group + 4) >> 4 | unsigned(memory, scales + group) >> 6 << 4;
    }

    /**
     * Q6_K: two halves of 128 elements, value {@code d * scale * (q - 32)}. Element 32k + i of a half has its low four bits
     * in byte 32 (k % 2) + i, low half for k < 2 and high half after, and its upper two bits in bits 2k of {@code high[i]}.
     */
    private static void sixBits(MemorySegment memory, long at, double[] target, int first) {
        double scale = half(memory, at + 208);
        for (int element = 0; element < LARGE; element++) {
            int part = element / 128;
            int k = element % 128 / SMALL;
            int i = element % SMALL;
            int low = unsigned(memory, at + 64 * part + SMALL * (k % 2) + i);
            int high = unsigned(memory, at + 128 + 32 * part + i) >> 2 * k & 3;
            int quant = (k < 2 ? low & 15 : low >> 4) | high << 4;
            int groupScale = memory.get(JAVA_BYTE, at + 192 + element / 16);
            target[first + element] = scale * groupScale * (quant - 32);
        }
    }

    private static double half(MemorySegment memory, long at) {
        return Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, at));
    }

    private static int unsigned(MemorySegment memory, long at) {
        return memory.get(JAVA_BYTE, at) & 255;
    }
}
