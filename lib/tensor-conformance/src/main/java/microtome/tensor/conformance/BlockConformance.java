package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decoding of GGUF block types, wherever they are read. */
public abstract class BlockConformance extends BackendConformance {
    /** For subclasses. */
    protected BlockConformance() {}

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void decodesToFloatsExactly(DType type) {
        for (int rows : new int[] {1, 3, 33}) {
            var blocks = BlockWriter.random(random(), type, rows, 3 * type.blockElements());
            assertExact(blocks.on(engine()).cast(F32), blocks.values());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void decodesToBrainFloatsByWayOfFloats(DType type) {
        var blocks = BlockWriter.random(random(), type, 5, 2 * type.blockElements());
        assertExact(blocks.on(engine()).cast(BF16), Expected.map(blocks.values(), value -> (float) value));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void gatherDecodesTheRowsItTakes(DType type) {
        int width = 2 * type.blockElements();
        var blocks = BlockWriter.random(random(), type, 17, width);
        var wanted = random().ints(9, 0, 17).toArray();
        var rows = blocks.on(engine()).gather(engine().indices(wanted, 3, 3));
        assertThat(rows.shape()).isEqualTo(Shape.of(3, 3, width));
        var expected = new double[9 * width];
        for (int i = 0; i < 9; i++) {
            System.arraycopy(blocks.values(), wanted[i] * width, expected, i * width, width);
        }
        assertExact(rows, expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void multipliesPlainAndPacked(DType type) {
        int inner = 3 * 256;
        var blocks = BlockWriter.random(random(), type, 33, inner);
        var left = normal(F32, 5, inner);
        var expected = Oracle.product(left.values(), blocks.values(), new Oracle.Sizes(5, inner, 33), true);
        var weight = blocks.on(engine());
        // One rounding of the decoded weight to F32 on top of the sum.
        var tolerance = Tolerance.ofSum(F32, inner).roundingTermsTo(F32);
        assertClose(Layers.linear(left.on(engine()), weight, null, F32), expected, tolerance);
        assertClose(Layers.linear(left.on(engine()), engine().pack(weight, F32), null, F32), expected, tolerance);
        var brain = tolerance.roundingTermsTo(BF16);
        assertClose(Layers.linear(left.on(engine()), engine().pack(weight, BF16), null, F32), expected, brain);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void multipliesAsStoredInAwkwardSizes(DType type) {
        int block = type.blockElements();
        for (int size : AWKWARD) {
            checkStored(type, new Oracle.Sizes(1, block, size));
            checkStored(type, new Oracle.Sizes(3, 2 * block, size));
            checkStored(type, new Oracle.Sizes(size, block, 3));
            checkStored(type, new Oracle.Sizes(AWKWARD[random().nextInt(6)], 512, AWKWARD[random().nextInt(6)]));
        }
        for (int rows : new int[] {1, 2, 4, 8, 16, 17, 65, 128}) {
            checkStored(type, new Oracle.Sizes(rows, 1536, 70));
        }
    }

    /** Left and output of every type that a product takes, without and with an addend, from memory at an odd address. */
    private void checkStored(DType type, Oracle.Sizes sizes) {
        var blocks = BlockWriter.random(random(), type, sizes.n(), sizes.k());
        try (var arena = Arena.ofShared();
                var _ = engine().openScope()) {
            var weight = engine().wrap(blocks.at(arena, 1), blocks.type());
            for (var left : new Host[] {normal(F32, sizes.m(), sizes.k()), normal(BF16, sizes.m(), sizes.k())}) {
                var expected = Oracle.product(left.values(), blocks.values(), sizes, true);
                for (var output : new DType[] {F32, BF16}) {
                    var tolerance = Tolerance.ofSum(output, sizes.k()).roundingTermsTo(F32);
                    assertClose(Layers.linear(left.on(engine()), weight, null, output), expected, tolerance);
                    var bias = normal(output, sizes.n());
                    var sum = Layers.linear(left.on(engine()), weight, bias.on(engine()), output);
                    assertClose(sum, expected.plusRow(bias.values()), tolerance);
                }
            }
            engine().synchronize();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void aStoredWeightLosesNothing(DType type) {
        var sizes = new Oracle.Sizes(1, 1536, 257);
        var blocks = BlockWriter.random(random(), type, sizes.n(), sizes.k());
        for (int rows : new int[] {1, 5, 40}) {
            var left = normal(F32, rows, sizes.k());
            var expected = Oracle.product(left.values(), blocks.values(), new Oracle.Sizes(rows, 1536, 257), true)
                    .values();
            var actual = Layers.linear(left.on(engine()), blocks.on(engine()), null, F32)
                    .toDoubles();
            assertThat(relativeError(actual, expected)).as(rows + " rows").isLessThan(1e-6);
        }
    }

    private static double relativeError(double[] actual, double[] expected) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / size);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void gradientsPassThroughAStoredWeight(DType type) {
        int inner = type.blockElements();
        var blocks = BlockWriter.random(random(), type, 33, inner);
        var x = normal(F32, 5, inner);
        var upstream = normal(F32, 5, 33);
        try (var tape = engine().record()) {
            var left = x.on(engine());
            var weight = blocks.on(engine());
            var product = Layers.linear(left, weight, null, F32);
            var gradients = tape.gradients(List.of(product), List.of(upstream.on(engine())), List.of(left, weight));
            var back = Oracle.product(upstream.values(), blocks.values(), new Oracle.Sizes(5, 33, inner), false);
            assertClose(gradients.getFirst(), back, Tolerance.ofSum(F32, 33).roundingTermsTo(F32));
            // The weight cannot be written, so its gradient is that of the numbers it stands for.
            var turned = turned(upstream.values(), 5, 33);
            var own = Oracle.product(turned, x.values(), new Oracle.Sizes(33, 5, inner), false);
            assertClose(gradients.get(1), own, Tolerance.ofSum(F32, 5));
        }
    }

    private static double[] turned(double[] matrix, int rows, int columns) {
        var result = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            result[i % columns * rows + i / columns] = matrix[i];
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void readsMappedBlocksAtAnyByte(DType type) {
        var blocks = BlockWriter.random(random(), type, 4, type.blockElements());
        try (var arena = Arena.ofShared()) {
            for (int offset : new int[] {0, 1, 2, 7}) {
                var tensor = engine().wrap(blocks.at(arena, offset), blocks.type());
                assertExact(tensor.cast(F32), blocks.values());
                assertExact(tensor.slice(0, 1, 3).cast(F32), middle(blocks.values()));
                assertExact(tensor.gather(engine().indices(new int[] {1, 2}, 2)), middle(blocks.values()));
            }
            engine().synchronize();
        }
    }

    private static double[] middle(double[] values) {
        return Arrays.copyOfRange(values, values.length / 4, values.length * 3 / 4);
    }
}
