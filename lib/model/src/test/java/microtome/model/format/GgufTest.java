package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;
    private static final int Q2_K = 10;

    @TempDir
    private Path folder;

    private static GgufBuilder small() {
        return new GgufBuilder()
                .string("general.architecture", "llama")
                .u32("llama.block_count", 30)
                .f32("llama.epsilon", 0.5f)
                .bool("tokenizer.ggml.add_bos_token", 0)
                .strings("tokenizer.ggml.tokens", List.of("a", "", "é", "🐈"))
                .i32s("tokenizer.ggml.token_type", 1, 1, 3, -7)
                .tensor("matrix", F32, floats(1, 2, 3, 4, 5, 6), 3, 2)
                .tensor("quantised", Q8_0, new byte[68], 32, 2);
    }

    private static byte[] floats(float... values) {
        var bytes = GgufBuilder.bytes(values.length * 4);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @Test
    void givesTheExtentsOutermostFirstAndTheBytesUnchanged() {
        try (Gguf file = Gguf.open(small().write(folder))) {
            StoredTensor matrix = file.tensor("matrix");
            assertThat(matrix.type()).isEqualTo(TensorType.of(DType.F32, 2, 3));
            assertThat(matrix.bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(matrix.bytes().isReadOnly()).isTrue();
            assertThat(file.tensor("quantised").type()).isEqualTo(TensorType.of(DType.Q8_0, 2, 32));
            assertThat(file.names()).containsExactly("matrix", "quantised");
        }
    }

    @Test
    void readsEveryKindOfMetadata() {
        GgufBuilder builder = small().u8("u8", 255)
                .u64("u64", Long.MAX_VALUE)
                .f64("f64", 1e300)
                .i32("i32", -5)
                .f32s("f32s", 1.5f, -2f);
        try (Gguf file = Gguf.open(builder.write(folder))) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.string("general.architecture")).isEqualTo("llama");
            assertThat(metadata.longValue("llama.block_count")).isEqualTo(30);
            assertThat(metadata.floatValue("llama.epsilon")).isEqualTo(0.5);
            assertThat(metadata.booleanValue("tokenizer.ggml.add_bos_token")).isFalse();
            assertThat(metadata.strings("tokenizer.ggml.tokens")).containsExactly("a", "", "é", "🐈");
            assertThat(metadata.longs("tokenizer.ggml.token_type")).containsExactly(1, 1, 3, -7);
            assertThat(metadata.longs("llama.block_count")).containsExactly(30);
            assertThat(metadata.longValue("u8")).isEqualTo(255);
            assertThat(metadata.longValue("u64")).isEqualTo(Long.MAX_VALUE);
            assertThat(metadata.longValue("i32")).isEqualTo(-5);
            assertThat(metadata.floatValue("f64")).isEqualTo(1e300);
            assertThat(metadata.floats("f32s")).containsExactly(1.5, -2);
            assertThat(metadata.longValue("absent", 7)).isEqualTo(7);
            assertThat(metadata.kind("tokenizer.ggml.tokens")).isEqualTo("array of 4 STRING");
        }
    }

    @Test
    void namesTheNearestKeyAndTheKindThatIsThere() {
        try (Gguf file = Gguf.open(small().write(folder))) {
            assertThatThrownBy(() -> file.metadata().longValue("llama.block_counts"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("metadata 'llama.block_counts'")
                    .hasMessageContaining("nearest: llama.block_count");
            assertThatThrownBy(() -> file.metadata().string("llama.block_count"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("U32; allowed: a string");
        }
    }

    @Test
    void namesTheNearestTensors() {
        try (Gguf file = Gguf.open(small().write(folder))) {
            assertThatThrownBy(() -> file.tensor("matrx"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no tensor 'matrx' among its 2; nearest: matrix, quantised");
        }
    }

    @Test
    void opensTypesThatItCannotComputeWithAndSaysSoWhenAsked() {
        GgufBuilder builder = new GgufBuilder().tensor("old", Q2_K, new byte[84], 256);
        try (Gguf file = Gguf.open(builder.write(folder))) {
            StoredTensor old = file.tensor("old");
            assertThat(old.bytes().byteSize()).isEqualTo(84);
            assertThat(old.shape()).isEqualTo(Shape.of(256));
            assertThatThrownBy(old::type)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("stored as Q2_K")
                    .hasMessageContaining("Q6_K");
        }
    }

    @Test
    void honoursTheAlignmentOfTheFile() {
        GgufBuilder builder =
                new GgufBuilder().layOutAt(64).u32("general.alignment", 64).tensor("one", F32, floats(7), 1);
        try (Gguf file = Gguf.open(builder.write(folder))) {
            assertThat(file.tensor("one").bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(7);
        }
    }

    @Test
    void readsVersionTwoAndRefusesTheOthers() {
        Gguf.open(small().version(2).write(folder)).close();
        refuses(small().version(1), "byte 4 (version): version 1; allowed: little-endian files of version 2 or 3");
        refuses(small().version(4), "version 4");
        refuses(small().version(0x03000000), "a big-endian file");
        refuses(small().magic(0x47475546), "byte 0 (magic)");
    }

    @Test
    void refusesCountsThatTheFileCannotHold() {
        refuses(small().tensorCount(Long.MIN_VALUE), "(tensor count): found 9223372036854775808");
        refuses(small().tensorCount(Long.MAX_VALUE), "(tensor count)");
        refuses(small().entryCount(-1), "(metadata count): found 18446744073709551615");
        refuses(small().entryCount(1_000_000), "(metadata count)");
        refuses(new GgufBuilder().array("list", 4, Long.MAX_VALUE), "(metadata 'list' length)");
        refuses(new GgufBuilder().array("list", 8, 1L << 61), "(metadata 'list' length)");
        refuses(new GgufBuilder().array("list", 10, 0x2000000000000001L), "(metadata 'list' length)");
    }

    @Test
    void refusesLengthsThatOverflowOrPassTheEnd() {
        refuses(
                new GgufBuilder()
                        .entry("text", 8)
                        .raw(GgufBuilder.bytes(8).putLong(-1).array()),
                "length): found 1844");
        refuses(
                new GgufBuilder()
                        .entry("text", 8)
                        .raw(GgufBuilder.bytes(8).putLong(9).array()),
                "needs 9 bytes, the file ends after 0 more");
        refuses(
                new GgufBuilder()
                        .array("list", 8, 1)
                        .raw(GgufBuilder.bytes(8).putLong(-9).array()),
                "metadata 'list'[0]");
        refuses(
                new GgufBuilder()
                        .entryCount(1)
                        .raw(GgufBuilder.bytes(16).putLong(1L << 40).array()),
                "metadata key 0 length): found 1099511627776; allowed: 0..65535 bytes");
    }

    @Test
    void refusesOddMetadata() {
        refuses(new GgufBuilder().entry("odd", 13), "found value type 13; allowed: 0 U8, 1 I8");
        refuses(new GgufBuilder().array("odd", 9, 0), "an array of arrays");
        refuses(new GgufBuilder().u8("twice", 1).u8("twice", 1), "metadata 'twice'): found the key a second time");
        refuses(new GgufBuilder().stringBytes("odd", new byte[] {(byte) 0xc3, 0x28}), "bytes that are not UTF-8");
        refuses(new GgufBuilder().u32("general.alignment", 24), "metadata 'general.alignment': 24");
        refuses(new GgufBuilder().u32("general.alignment", 0), "metadata 'general.alignment': 0");
        refuses(new GgufBuilder().string("general.alignment", "32"), "metadata 'general.alignment': STRING");
    }

    @Test
    void refusesOnePartOfAModelThatWasSplit() {
        refuses(small().u32("split.count", 3), "one of 3 parts of a model");
        Gguf.open(small().u32("split.count", 1).write(folder)).close();
    }

    @Test
    void refusesBooleansThatAreNeitherTrueNorFalse() {
        try (Gguf file = Gguf.open(small().bool("perhaps", 2).write(folder))) {
            assertThatThrownBy(() -> file.metadata().booleanValue("perhaps"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("boolean 2; allowed: 0 or 1");
        }
    }

    @Test
    void refusesIntegersBeyondSixtyThreeBits() {
        try (Gguf file = Gguf.open(small().u64("large", -1).write(folder))) {
            assertThatThrownBy(() -> file.metadata().longValue("large"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("18446744073709551615");
        }
    }

    @Test
    void refusesTextsThatAreNotUtf8WhenTheyAreDecoded() {
        GgufBuilder builder = new GgufBuilder()
                .array("tokens", 8, 1)
                .raw(GgufBuilder.bytes(9).putLong(1).put((byte) 0xff).array());
        try (Gguf file = Gguf.open(builder.write(folder))) {
            assertThat(file.metadata().utf8("tokens").size()).isEqualTo(1);
            assertThatThrownBy(() -> file.metadata().strings("tokens"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("bytes that are not UTF-8 in string 0");
        }
    }

    @Test
    void refusesOddShapes() {
        refuses(new GgufBuilder().info("scalar", F32, 0), "number of axes): found 0; allowed: 1..4");
        refuses(new GgufBuilder().info("deep", F32, 0, 1, 1, 1, 1, 1), "number of axes): found 5");
        refuses(new GgufBuilder().info("empty", F32, 0, 4, 0), "extent 1): found 0");
        refuses(new GgufBuilder().info("negative", F32, 0, -1), "extent 0): found 18446744073709551615");
        refuses(new GgufBuilder().info("large", F32, 0, 1L << 32, 1L << 31), "fewer than 2^63");
        refuses(new GgufBuilder().info("large", F32, 0, 1L << 62), "fewer than 2^63");
        refuses(new GgufBuilder().info("blocks", Q8_0, 0, 33), "whole blocks of 32 for Q8_0");
        refuses(new GgufBuilder().info("unknown", 31, 0, 32), "type 31; allowed: 0 F32, 1 F16");
    }

    @Test
    void refusesTensorsOutsideTheFileOrInsideEachOther() {
        byte[] data = new byte[128];
        refuses(new GgufBuilder().info("out", F32, 128, 1).data(data), "bytes 128..132 behind the header");
        refuses(new GgufBuilder().info("out", F32, 1L << 62, 1).data(data), "tensor 'out'");
        refuses(new GgufBuilder().info("out", F32, Long.MAX_VALUE - 31, 16).data(data), "tensor 'out' offset");
        refuses(new GgufBuilder().info("odd", F32, 8, 1).data(data), "a multiple of 32");
        refuses(new GgufBuilder().info("odd", F32, -32, 1).data(data), "tensor 'odd' offset");
        refuses(
                new GgufBuilder().info("a", F32, 0, 16).info("b", F32, 32, 1).data(data),
                "tensor 'b'): found starts at byte");
        refuses(new GgufBuilder().info("a", F32, 0, 1).info("a", F32, 32, 1).data(data), "the name a second time");
        refuses(new GgufBuilder().info("nothing", F32, 0, 1), "bytes 0..4 behind the header");
    }

    @Test
    void noticesAFileThatShrinksWhileItIsOpen() throws Exception {
        Path path = small().write(folder);
        try (Gguf file = Gguf.open(path)) {
            try (var channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
                channel.truncate(100);
            }
            assertThatThrownBy(() -> file.tensor("matrix"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("100 bytes now");
        }
    }

    @Test
    void staysUsableWhenTheThreadIsInterrupted() {
        try (Gguf file = Gguf.open(small().write(folder))) {
            Thread.currentThread().interrupt();
            assertThat(file.tensor("matrix").bytes().byteSize()).isEqualTo(24);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(file.tensor("matrix").bytes().byteSize()).isEqualTo(24);
        }
    }

    @Test
    void keepsBytesReadableAfterClosing() {
        Gguf file = Gguf.open(small().write(folder));
        StoredTensor matrix = file.tensor("matrix");
        file.close();
        matrix.unload();
        assertThat(matrix.bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4)).isEqualTo(2);
        assertThatThrownBy(() -> file.tensor("matrix")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hashesTheWholeFile() throws Exception {
        Path path = folder.resolve("short.gguf");
        Files.write(path, new GgufBuilder().build());
        var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
        try (Gguf file = Gguf.open(path)) {
            assertThat(file.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
            assertThat(file.bytes()).isEqualTo(24);
        }
    }

    private void refuses(GgufBuilder builder, String part) {
        assertThatThrownBy(() -> Gguf.open(builder.write(folder)))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("; allowed: ")
                .hasMessageContaining("; fix: ");
    }

    @Test
    void readsTheNamesAsUtf8() {
        GgufBuilder builder = new GgufBuilder().tensor("größe", F32, floats(1), 1);
        try (Gguf file = Gguf.open(builder.write(folder))) {
            assertThat(file.names().getFirst().getBytes(StandardCharsets.UTF_8)).hasSize(7);
        }
    }
}
