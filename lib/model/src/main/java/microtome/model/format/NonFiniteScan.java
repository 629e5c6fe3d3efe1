package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Looks for numbers whose exponent is all ones. Adding one to the exponent of such a number, and of no other, carries
 * into the sign bit, which was cleared before; so several numbers of a 64-bit word are tested by one addition.
 */
final class NonFiniteScan {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long STEP = 1 << 16;
    private static final long STEP_BLOCKS = 1 << 12;

    /** How many there are, and the first, in elements. */
    record Found(long count, long first) {}

    /** The exponent bits and the sign bits of all numbers in one 64-bit word. */
    private record Lanes(int bytes, long exponents, long signs) {
        static Lanes of(int bytes, long exponent) {
            long sign = 1L << bytes * Byte.SIZE - 1;
            long exponents = 0;
            long signs = 0;
            for (int shift = 0; shift < Long.SIZE; shift += bytes * Byte.SIZE) {
                exponents |= exponent << shift;
                signs |= sign << shift;
            }
            return new Lanes(bytes, exponents, signs);
        }

        /** What to add to the exponents: their lowest bits. */
        long ones() {
            return exponents & ~(exponents << 1);
        }
    }

    private static final Lanes F32 = Lanes.of(4, 0x7f800000L);
    private static final Lanes F16 = Lanes.of(2, 0x7c00L);
    private static final Lanes BF16 = Lanes.of(2, 0x7f80L);
    private static final Lanes F64 = Lanes.of(8, 0x7ff0000000000000L);

    private final MemorySegment bytes;
    private long count;
    private long first = -1;

    private NonFiniteScan(MemorySegment bytes) {
        this.bytes = bytes;
    }

    static Optional<Found> of(StoredTensor tensor) {
        NonFiniteScan scan = new NonFiniteScan(tensor.bytes());
        StoredType type = tensor.storedType();
        switch (type) {
            case F32 -> scan.plain(F32);
            case F16 -> scan.plain(F16);
            case BF16 -> scan.plain(BF16);
            case F64 -> scan.plain(F64);
            case Q4_0, Q5_0, Q8_0 -> scan.blocks(type, 0);
            case Q4_1, Q5_1, Q4_K, Q5_K -> scan.blocks(type, 0, Short.BYTES);
            case Q6_K -> scan.blocks(type, type.blockBytes() - Short.BYTES);
            default -> {}
        }
        return scan.count == 0 ? Optional.empty() : Optional.of(new Found(scan.count, scan.first));
    }

    private void plain(Lanes lanes) {
        for (long from = 0; from < bytes.byteSize(); from += STEP) {
            MemorySegment step = bytes.asSlice(from, Math.min(STEP, bytes.byteSize() - from));
            if ((carries(step, lanes.exponents, lanes.ones()) & lanes.signs) != 0) {
                count(step, from, lanes);
            }
        }
    }

    private static long carries(MemorySegment step, long exponents, long ones) {
        long whole = step.byteSize() / Long.BYTES * Long.BYTES;
        long carries = 0;
        for (long at = 0; at < whole; at += Long.BYTES) {
            carries |= (step.get(LONG, at) & exponents) + ones;
        }
        return carries | (word(step, whole, step.byteSize() - whole) & exponents) + ones;
    }

    /** Up to eight bytes as a word, filled up with zeros, which are finite. */
    private static long word(MemorySegment step, long at, long length) {
        long word = 0;
        for (long index = length - 1; index >= 0; index--) {
            word = word << Byte.SIZE | step.get(ValueLayout.JAVA_BYTE, at + index) & 0xff;
        }
        return word;
    }

    private void count(MemorySegment step, long from, Lanes lanes) {
        long exponent = lanes.exponents & -1L >>> Long.SIZE - lanes.bytes * Byte.SIZE;
        for (long at = 0; at < step.byteSize(); at += lanes.bytes) {
            if ((word(step, at, lanes.bytes) & exponent) == exponent) {
                add((from + at) / lanes.bytes);
            }
        }
    }

    private void blocks(StoredType type, int... scales) {
        long blocks = bytes.byteSize() / type.blockBytes();
        for (long from = 0; from < blocks; from += STEP_BLOCKS) {
            long to = Math.min(blocks, from + STEP_BLOCKS);
            for (int scale : scales) {
                if ((carries(from, to, type.blockBytes(), scale) & Short.MIN_VALUE) != 0) {
                    count(from, to, type, scales);
                    break;
                }
            }
        }
    }

    private int carries(long from, long to, int stride, int scale) {
        int carries = 0;
        for (long at = from * stride + scale; at < to * stride; at += stride) {
            carries |= (bytes.get(SHORT, at) & 0x7c00) + 0x0400;
        }
        return carries;
    }

    private void count(long from, long to, StoredType type, int... scales) {
        for (long block = from; block < to; block++) {
            boolean found = false;
            for (int scale : scales) {
                found |= (bytes.get(SHORT, block * type.blockBytes() + scale) & 0x7c00) == 0x7c00;
            }
            if (found) {
                add(block * type.blockElements());
            }
        }
    }

    private void add(long element) {
        first = first < 0 ? element : first;
        count++;
    }
}
