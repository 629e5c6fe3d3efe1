package microtome.tensor.reference;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import microtome.tensor.DType;
import microtome.tensor.TensorView;

/** Reads and writes tensors of any type as doubles, which hold every value of every type exactly. Any alignment. */
final class Values {
    private Values() {}

    /** All values of a view in row-major order, whatever its strides. */
    static double[] read(TensorView view) {
        var values = new double[Math.toIntExact(view.shape().elements())];
        if (values.length == 0) {
            return values;
        }
        if (Arrays.equals(view.strides(), view.shape().strides())) {
            read(view.dtype(), HostBuffer.memoryOf(view), view.offset(), values);
        } else {
            readStrided(view, values);
        }
        return values;
    }

    /** One row of the last axis: {@code row} counts rows of a contiguous view. */
    static void readRow(TensorView view, long row, double[] target) {
        read(view.dtype(), HostBuffer.memoryOf(view), view.offset() + row * target.length, target);
    }

    /** Walks over the outer axes like the digits of a counter and reads the last axis element by element. */
    private static void readStrided(TensorView view, double[] target) {
        var extents = view.shape().extents();
        var strides = view.strides();
        var index = new long[extents.length];
        var one = new double[1];
        var memory = HostBuffer.memoryOf(view);
        for (int i = 0; i < target.length; i++) {
            long element = view.offset();
            for (int axis = 0; axis < index.length; axis++) {
                element += index[axis] * strides[axis];
            }
            read(view.dtype(), memory, element, one);
            target[i] = one[0];
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == extents[axis]; axis--) {
                index[axis] = 0;
            }
        }
    }

    /** Neighbouring elements from element {@code first} on; whole blocks where the type has blocks. */
    static void read(DType type, MemorySegment memory, long first, double[] target) {
        long at = type.bytes(first);
        switch (type) {
            case F32 -> {
                for (int i = 0; i < target.length; i++) {
                    target[i] = memory.get(JAVA_FLOAT_UNALIGNED, at + 4L * i);
                }
            }
            case F16 -> {
                for (int i = 0; i < target.length; i++) {
                    target[i] = Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, at + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < target.length; i++) {
                    target[i] = Float.intBitsToFloat(memory.get(JAVA_SHORT_UNALIGNED, at + 2L * i) << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < target.length; i++) {
                    target[i] = memory.get(JAVA_DOUBLE_UNALIGNED, at + 8L * i);
                }
            }
            case I32 -> {
                for (int i = 0; i < target.length; i++) {
                    target[i] = memory.get(JAVA_INT_UNALIGNED, at + 4L * i);
                }
            }
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K -> {
                for (int i = 0; i < target.length; i += type.blockElements()) {
                    Blocks.decode(type, memory, at, target, i);
                    at += type.blockBytes();
                }
            }
        }
    }

    /**
     * Values that {@link #write} rounds to a type as if it rounded them once, though it goes through floats: for short types
     * floats towards zero, of which the last bit is set where they are not exact.
     */
    static double[] forRoundingTo(DType type, double[] values) {
        boolean isShort = type == DType.BF16 || type == DType.F16;
        return isShort ? Arrays.stream(values).map(Values::oddFloat).toArray() : values;
    }

    private static float oddFloat(double value) {
        float nearest = (float) value;
        if (nearest == value || Double.isNaN(value)) {
            return nearest;
        }
        int bits = Float.floatToRawIntBits(nearest);
        return Float.intBitsToFloat((Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits) | 1);
    }

    /** What 32 bits keep of a whole number. */
    static double wrapped(double whole) {
        return (int) (long) whole;
    }

    /** Rounds values to the type of a contiguous view and stores them. */
    static void write(TensorView view, double[] values) {
        var memory = HostBuffer.memoryOf(view);
        long at = view.dtype().bytes(view.offset());
        switch (view.dtype()) {
            case F32 -> {
                for (int i = 0; i < values.length; i++) {
                    memory.set(JAVA_FLOAT_UNALIGNED, at + 4L * i, (float) values[i]);
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    memory.set(JAVA_SHORT_UNALIGNED, at + 2L * i, Float.floatToFloat16((float) values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    memory.set(JAVA_SHORT_UNALIGNED, at + 2L * i, brainFloat((float) values[i]));
                }
            }
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    memory.set(JAVA_DOUBLE_UNALIGNED, at + 8L * i, values[i]);
                }
            }
            case I32 -> {
                for (int i = 0; i < values.length; i++) {
                    memory.set(JAVA_INT_UNALIGNED, at + 4L * i, (int) values[i]);
                }
            }
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K ->
                throw new AssertionError(view.dtype() + " is never written");
        }
    }

    /** The upper half of a float, rounded to nearest even; NaN stays NaN. */
    private static short brainFloat(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16);
        }
        return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
    }
}
