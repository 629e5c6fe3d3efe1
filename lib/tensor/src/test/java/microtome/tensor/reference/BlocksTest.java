package microtome.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
    private static final short HALF = Float.floatToFloat16(0.5f);
    private static final short MINUS_QUARTER = Float.floatToFloat16(-0.25f);

    /** Bytes {@code (37 i + 11) mod 256}, then the scale 0.5 and, where the type has one, the minimum -0.25. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Q4_0, 0 1 16 17 31, -1.5 1 -1.5 -0.5 0, -10.5",
        "Q4_1, 0 1 16 17 31, 7.25 1.75 4.25 5.75 5.75, 114.5",
        "Q5_0, 0 1 16 17 31, 4.5 -1 7 0 0.5, 7.5",
        "Q5_1, 0 1 16 17 31, 9.25 11.75 9.25 2.25 2.25, 244.5",
        "Q8_0, 0 1 16 17 31, 42.5 61 -45.5 -27 -24, -88",
        "Q4_K, 0 1 16 17 31 32 100 255, 183.25 12.75 183.25 12.75 105.75 16 64.5 41.75, 31444",
        "Q5_K, 0 1 16 17 31 32 100 255, 431.25 12.75 431.25 12.75 105.75 68 134.5 71.75, 62332",
        "Q6_K, 0 1 16 17 31 32 100 255, -715.5 848 -216 256 -48 115.5 1261.5 -30, 2306"
    })
    void decodesKnownBlocks(DType type, String places, String expected, double sum) {
        try (var engine = Engine.open("reference")) {
            var block = engine.tensor(MemorySegment.ofArray(block(type)), TensorType.of(type, type.blockElements()));
            var values = block.toDoubles();
            var indices = places.split(" ");
            var wanted = expected.split(" ");
            for (int i = 0; i < indices.length; i++) {
                assertThat(values[Integer.parseInt(indices[i])])
                        .as("element " + indices[i])
                        .isEqualTo(Double.parseDouble(wanted[i]));
            }
            assertThat(block.cast(DType.F32).sum(0).toDoubles()).containsExactly(sum);
        }
    }

    @Test
    void gatherDecodesTheRowsItTakes() {
        try (var engine = Engine.open("reference")) {
            var bytes = MemorySegment.ofArray(new byte[3 * 34]);
            bytes.asSlice(34, 34).copyFrom(MemorySegment.ofArray(block(DType.Q8_0)));
            var table = engine.tensor(bytes, TensorType.of(DType.Q8_0, 3, 32));
            var rows = table.gather(engine.indices(new int[] {1, 0}, 2));
            assertThat(rows.sum(1).toFloats()).containsExactly(-88, 0);
            assertThat(table.slice(0, 1, 2).toFloats()[1]).isEqualTo(61);
        }
    }

    private static byte[] block(DType type) {
        var bytes = new byte[type.blockBytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (37 * i + 11);
        }
        var segment = MemorySegment.ofArray(bytes);
        segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, type == DType.Q6_K ? 208 : 0, HALF);
        switch (type) {
            case Q4_1, Q5_1, Q4_K, Q5_K -> segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2, MINUS_QUARTER);
            default -> {}
        }
        return bytes;
    }
}
