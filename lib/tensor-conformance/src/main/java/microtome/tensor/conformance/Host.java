package microtome.tensor.conformance;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/** An array on the host whose values are exactly those of its type: what goes into a backend and into an oracle alike. */
public record Host(TensorType type, double[] values) {
    /** Standard normal numbers, rounded to the type. */
    public static Host normal(Random random, DType type, long... extents) {
        var shape = Shape.of(extents);
        var values = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = rounded(type, random.nextGaussian());
        }
        return new Host(new TensorType(type, shape), values);
    }

    /** These values, rounded to the type. */
    public static Host of(DType type, double[] values, long... extents) {
        return new Host(TensorType.of(type, extents), Expected.map(values, value -> rounded(type, value)));
    }

    /** Copies the values to an engine. */
    public Tensor on(Engine engine) {
        return engine.tensor(encoded(), type);
    }

    int extent(int axis) {
        return Math.toIntExact(type.shape().extent(axis));
    }

    /** The nearest value that the type can hold, ties to even. */
    static double rounded(DType type, double value) {
        return switch (type) {
            case F64 -> value;
            case F32 -> (float) value;
            case F16 -> rounded(value, 11, -24, 65504);
            case BF16 -> rounded(value, 8, -133, 0x1.FEp127);
            case I32 -> (int) value;
            default -> throw new IllegalArgumentException(type + " is written by BlockWriter");
        };
    }

    /** The bytes that a tensor of this type stores. */
    MemorySegment encoded() {
        return switch (type.dtype()) {
            case F64 -> MemorySegment.ofArray(values);
            case F32 -> {
                var floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                }
                yield MemorySegment.ofArray(floats);
            }
            case F16, BF16 -> {
                var halves = new short[values.length];
                for (int i = 0; i < halves.length; i++) {
                    float value = (float) values[i];
                    int brainFloat = Float.floatToRawIntBits(value) >>> 16;
                    halves[i] = type.dtype() == DType.F16 ? Float.floatToFloat16(value) : (short) brainFloat;
                }
                yield MemorySegment.ofArray(halves);
            }
            case I32 -> {
                var integers = new int[values.length];
                for (int i = 0; i < integers.length; i++) {
                    integers[i] = (int) values[i];
                }
                yield MemorySegment.ofArray(integers);
            }
            default -> throw new IllegalArgumentException(type + " is written by BlockWriter");
        };
    }

    /** The nearest number of so many significant bits that is a multiple of {@code 2^least}, infinite beyond the largest. */
    private static double rounded(double value, int significantBits, int least, double largest) {
        if (value == 0 || !Double.isFinite(value)) {
            return value;
        }
        int step = Math.max(Math.getExponent(value) + 1 - significantBits, least);
        double result = Math.scalb(Math.rint(Math.scalb(value, -step)), step);
        return Math.abs(result) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : result;
    }
}
