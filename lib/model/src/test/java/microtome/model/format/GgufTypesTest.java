package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of GGUF that is computed with, from the file to the numbers. */
class GgufTypesTest {
    private static final short HALF = Float.floatToFloat16(0.5f);
    private static final short MINUS_QUARTER = Float.floatToFloat16(-0.25f);

    @TempDir
    private Path folder;

    /** Bytes {@code (37 i + 11) mod 256}, then the scale 0.5 and, where the type has one, the minimum -0.25. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Q4_0, 2, 0 1 16 17 31, -1.5 1 -1.5 -0.5 0, -10.5",
        "Q4_1, 3, 0 1 16 17 31, 7.25 1.75 4.25 5.75 5.75, 114.5",
        "Q5_0, 6, 0 1 16 17 31, 4.5 -1 7 0 0.5, 7.5",
        "Q5_1, 7, 0 1 16 17 31, 9.25 11.75 9.25 2.25 2.25, 244.5",
        "Q8_0, 8, 0 1 16 17 31, 42.5 61 -45.5 -27 -24, -88",
        "Q4_K, 12, 0 1 16 17 31 32 100 255, 183.25 12.75 183.25 12.75 105.75 16 64.5 41.75, 31444",
        "Q5_K, 13, 0 1 16 17 31 32 100 255, 431.25 12.75 431.25 12.75 105.75 68 134.5 71.75, 62332",
        "Q6_K, 14, 0 1 16 17 31 32 100 255, -715.5 848 -216 256 -48 115.5 1261.5 -30, 2306"
    })
    void blocksDecodeToKnownNumbers(DType type, int code, String places, String expected, double sum) {
        float[] values = read(type, code, type.blockElements(), block(type));
        String[] wanted = expected.split(" ");
        String[] indices = places.split(" ");
        for (int index = 0; index < indices.length; index++) {
            assertThat(values[Integer.parseInt(indices[index])])
                    .as("element " + indices[index])
                    .isEqualTo(Float.parseFloat(wanted[index]));
        }
        double total = 0;
        for (float value : values) {
            total += value;
        }
        assertThat(total).isEqualTo(sum);
    }

    @Test
    void plainTypesDecodeToKnownNumbers() {
        ByteBuffer brain = GgufBuilder.bytes(6)
                .putShort((short) 0x3f80)
                .putShort((short) 0xc049)
                .putShort((short) 1);
        assertThat(read(DType.BF16, 30, 3, brain.array())).containsExactly(1, -3.140625f, 9.18355e-41f);
        ByteBuffer half =
                GgufBuilder.bytes(6).putShort(HALF).putShort(MINUS_QUARTER).putShort((short) 1);
        assertThat(read(DType.F16, 1, 3, half.array())).containsExactly(0.5f, -0.25f, 0x1p-24f);
        assertThat(read(
                        DType.F32,
                        0,
                        2,
                        GgufBuilder.bytes(8).putFloat(1).putFloat(-2.5f).array()))
                .containsExactly(1, -2.5f);
    }

    private float[] read(DType type, int code, int elements, byte[] bytes) {
        Path path = new GgufBuilder().tensor("t", code, bytes, elements).write(folder);
        try (Gguf file = Gguf.open(path);
                Engine engine = Engine.open("reference")) {
            StoredTensor stored = file.tensor("t");
            assertThat(stored.type().dtype()).isEqualTo(type);
            return engine.wrap(stored.bytes(), stored.type()).cast(DType.F32).toFloats();
        }
    }

    private static byte[] block(DType type) {
        byte[] bytes = new byte[type.blockBytes()];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) (37 * index + 11);
        }
        MemorySegment segment = MemorySegment.ofArray(bytes);
        segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, type == DType.Q6_K ? 208 : 0, HALF);
        switch (type) {
            case Q4_1, Q5_1, Q4_K, Q5_K -> segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2, MINUS_QUARTER);
            default -> {}
        }
        return bytes;
    }
}
