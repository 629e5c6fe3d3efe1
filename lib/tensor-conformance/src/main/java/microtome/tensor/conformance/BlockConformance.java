package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
    void readsMappedBlocksAtAnyByte(DType type) {
        var blocks = BlockWriter.random(random(), type, 4, type.blockElements());
        try (var arena = Arena.ofShared()) {
            for (int offset : new int[] {0, 1, 2, 7}) {
                var memory = arena.allocate(offset + blocks.bytes().length).asSlice(offset);
                memory.copyFrom(MemorySegment.ofArray(blocks.bytes()));
                var tensor = engine().wrap(memory, blocks.type());
                assertExact(tensor.cast(F32), blocks.values());
                assertExact(tensor.slice(0, 1, 3).cast(F32), middle(blocks.values()));
                assertExact(tensor.gather(engine().indices(new int[] {1, 2}, 2)), middle(blocks.values()));
            }
            engine().synchronize();
        }
    }

    private static double[] middle(double[] values) {
        return java.util.Arrays.copyOfRange(values, values.length / 4, values.length * 3 / 4);
    }
}
