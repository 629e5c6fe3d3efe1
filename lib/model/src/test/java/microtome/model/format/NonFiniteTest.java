package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import microtome.model.BundledModelFile;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NonFiniteTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "F32, 7f800000",
        "F32, ff800000",
        "F32, 7fc00000",
        "F32, ff800001",
        "F16, 7c00",
        "F16, fc00",
        "F16, 7e00",
        "F16, fc01",
        "BF16, 7f80",
        "BF16, ff80",
        "BF16, 7fc0",
        "BF16, ff81",
        "F64, 7ff0000000000000",
        "F64, fff0000000000000",
        "F64, 7ff8000000000000",
        "F64, fff0000000000001"
    })
    void everyPlaceOfEveryPlainTypeIsSeen(StoredType type, String bits) {
        long value = Long.parseUnsignedLong(bits, 16);
        for (int count = 1; count <= 11; count++) {
            for (int place = 0; place < count; place++) {
                byte[] bytes = new byte[count * type.blockBytes()];
                put(bytes, place, type.blockBytes(), value);
                NonFinite found = NonFinite.in(tensor(type, bytes, count)).orElseThrow();
                assertThat(found.count()).isEqualTo(1);
                assertThat(found.first()).isEqualTo(place);
            }
        }
    }

    /** All numbers of two bytes, and of four those that have every exponent. */
    @Test
    void finiteNumbersAreNotSeenAndAllOthersAre() {
        for (StoredType type : new StoredType[] {StoredType.F16, StoredType.BF16}) {
            byte[] bytes = new byte[1 << 17];
            for (int bits = 0; bits < 1 << 16; bits++) {
                put(bytes, bits, 2, bits);
            }
            NonFinite found = NonFinite.in(tensor(type, bytes, 1 << 16)).orElseThrow();
            assertThat(found.count()).isEqualTo(type == StoredType.F16 ? 2 * 1024 : 2 * 128);
            assertThat(found.first()).isEqualTo(type == StoredType.F16 ? 0x7c00 : 0x7f80);
        }
        SplittableRandom random = new SplittableRandom(1);
        byte[] bytes = new byte[4 * 100_000];
        int expected = 0;
        for (int place = 0; place < 100_000; place++) {
            int bits = random.nextInt();
            put(bytes, place, 4, bits);
            expected += Float.isFinite(Float.intBitsToFloat(bits)) ? 0 : 1;
        }
        assertThat(NonFinite.in(tensor(StoredType.F32, bytes, 100_000))
                        .orElseThrow()
                        .count())
                .isEqualTo(expected)
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"Q4_0, 0", "Q4_1, 0 2", "Q5_0, 0", "Q5_1, 0 2", "Q8_0, 0", "Q4_K, 0 2", "Q5_K, 0 2", "Q6_K, 208"})
    void theScalesOfBlocksAreSeenAndNothingElse(StoredType type, String scales) {
        int blocks = 5000;
        byte[] clean = new byte[blocks * type.blockBytes()];
        Arrays.fill(clean, (byte) 0xff);
        for (int block = 0; block < blocks; block++) {
            for (String scale : scales.split(" ")) {
                put(clean, block * type.blockBytes() + Integer.parseInt(scale), 1, 0, 2);
            }
        }
        assertThat(NonFinite.in(tensor(type, clean, blocks * type.blockElements())))
                .isEmpty();
        for (String scale : scales.split(" ")) {
            byte[] bytes = clean.clone();
            put(bytes, 4321 * type.blockBytes() + Integer.parseInt(scale), 1, 0x7c00, 2);
            put(bytes, 4999 * type.blockBytes() + Integer.parseInt(scale), 1, 0xfe00, 2);
            NonFinite found = NonFinite.in(tensor(type, bytes, blocks * type.blockElements()))
                    .orElseThrow();
            assertThat(found.count()).isEqualTo(2);
            assertThat(found.first()).isEqualTo(4321L * type.blockElements());
            assertThat(found.toString()).contains("2 blocks have a scale that is NaN or infinite");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"I32", "U8", "F8_E4M3", "IQ4_XS"})
    void otherTypesHaveNone(StoredType type) {
        byte[] bytes = new byte[type.blockBytes()];
        Arrays.fill(bytes, (byte) 0xff);
        assertThat(NonFinite.in(tensor(type, bytes, type.blockElements()))).isEmpty();
    }

    @Test
    void theNamesAreInTheError() {
        Path path = folder.resolve("broken.safetensors");
        try (var writer = SafetensorsWriter.to(path)
                .declare("good", StoredType.F32, Shape.of(2))
                .declare("norm", StoredType.F32, Shape.of(3))
                .declare("bias", StoredType.F32, Shape.of(1))) {
            writer.write("good", new float[] {1, 2});
            writer.write("norm", new float[] {0, Float.NaN, Float.NEGATIVE_INFINITY});
            writer.write("bias", new float[] {Float.POSITIVE_INFINITY});
            writer.finish();
        }
        try (WeightFile file = WeightFormats.open(path)) {
            assertThat(NonFinite.in(file))
                    .extracting(found -> found.tensor().name())
                    .containsExactly("norm", "bias");
            assertThatThrownBy(() -> NonFinite.refuse(file))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("tensor 'norm': 2 of 3 numbers are NaN or infinite, the first at element 1")
                    .hasMessageContaining("; also in 'bias'");
        }
    }

    @Test
    void theBundledModelHasNone() {
        try (WeightFile file = WeightFormats.open(BundledModelFile.required())) {
            assertThat(NonFinite.in(file)).isEmpty();
            NonFinite.refuse(file);
        }
    }

    private static StoredTensor tensor(StoredType type, byte[] bytes, int elements) {
        return new StoredTensor("t", type, Shape.of(elements), MemorySegment.ofArray(bytes));
    }

    private static void put(byte[] bytes, int place, int width, long value) {
        put(bytes, place * width, 1, value, width);
    }

    private static void put(byte[] bytes, int place, int step, long value, int width) {
        byte[] number = GgufBuilder.bytes(Long.BYTES).putLong(value).array();
        ByteBuffer.wrap(bytes).put(place * step, number, 0, width);
    }
}
