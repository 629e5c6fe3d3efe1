package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import microtome.tensor.DType;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversions between plain types. */
public abstract class CastConformance extends BackendConformance {
    private static final double[] EDGES = {
        0,
        -0.0,
        1,
        -1,
        1.5,
        -2.75,
        1 + 0x1p-8,
        1 + 0x1p-9,
        1 + 3 * 0x1p-9,
        1 + 0x1p-11,
        1 + 3 * 0x1p-12,
        65504,
        65520,
        65519.996,
        1e-5,
        0x1p-14,
        0x1p-24,
        0x1p-25,
        0x1.8p-25,
        3e38,
        -3.4e38,
        0x1p-126,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    /** For subclasses. */
    protected CastConformance() {}

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16"})
    void widensEveryPatternExactly(DType type) {
        var patterns = new short[1 << 16];
        var values = new double[1 << 16];
        for (int bits = 0; bits < patterns.length; bits++) {
            patterns[bits] = (short) bits;
            values[bits] = type == F16 ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat(bits << 16);
        }
        var tensor = engine().tensor(MemorySegment.ofArray(patterns), TensorType.of(type, 1 << 16));
        assertExact(tensor.cast(F32), values);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F32"})
    void roundsToNearestEven(DType type) {
        var edges = Host.of(F32, EDGES, EDGES.length);
        assertExact(edges.on(engine()).cast(type), edges.values());
        for (int size : AWKWARD) {
            var values = normal(F32, size);
            assertExact(values.on(engine()).cast(type), values.values());
        }
    }

    @Test
    void narrowsDoublesToFloats() {
        var values = Host.of(F64, new double[] {1 + 0x1p-24, 1 + 3 * 0x1p-24, 1e300, -1e-300, Math.PI, Double.NaN}, 6);
        assertExact(values.on(engine()).cast(F32), values.values());
    }

    @Test
    void integersComeAndGo() {
        var values =
                Host.of(I32, new double[] {0, -1, 7, 1 << 24, -(1 << 24), Integer.MAX_VALUE, Integer.MIN_VALUE}, 7);
        assertExact(values.on(engine()).cast(F32), values.values());
        var floats = Host.of(F32, new double[] {0.9, -0.9, 2.5, -2.5, 1 << 24, -1e9}, 6);
        assertThat(floats.on(engine()).cast(I32).toInts()).containsExactly(0, 0, 2, -2, 1 << 24, -1_000_000_000);
    }

    @ParameterizedTest
    @CsvSource({"BF16, F16", "F16, BF16", "I32, BF16", "BF16, I32"})
    void everyPairOfPlainTypesConverts(DType from, DType to) {
        var small = IntStream.rangeClosed(-8, 8).asDoubleStream().toArray();
        var values = Host.of(from, small, small.length);
        var converted = values.on(engine()).cast(to);
        assertThat(converted.dtype()).isEqualTo(to);
        assertThat(converted.toDoubles()).containsExactly(small);
    }

    @Test
    void castsNothing() {
        assertThat(normal(F32, 0, 3).on(engine()).cast(BF16).toFloats()).isEmpty();
        assertThat(normal(BF16, 0).on(engine()).cast(BF16).toFloats()).isEmpty();
    }
}
