package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.tensor.DType;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final String TWO_TENSORS = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[24,32]},\"__metadata__\":{\"format\":\"pt\"}}";

    @TempDir
    private Path folder;

    @Test
    void readsTypesShapesBytesAndMetadata() {
        byte[] data = new byte[32];
        data[3] = 0x40;
        try (Safetensors file = Safetensors.open(write(TWO_TENSORS, data))) {
            assertThat(file.names()).containsExactly("a", "b");
            assertThat(file.tensor("a").type()).isEqualTo(TensorType.of(DType.F32, 2, 3));
            assertThat(file.tensor("a").bytes().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(2f);
            assertThat(file.tensor("b").storedType()).isEqualTo(StoredType.I64);
            assertThat(file.tensor("b").bytes().byteSize()).isEqualTo(8);
            assertThatThrownBy(() -> file.tensor("b").type()).hasMessageContaining("stored as I64");
            assertThat(file.metadata().string("format")).isEqualTo("pt");
            assertThatThrownBy(() -> file.metadata().string("formt")).hasMessageContaining("nearest: format");
            assertThatThrownBy(() -> file.tensor("c")).hasMessageContaining("nearest: a, b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 5, 5",
        "F4, 6, 3",
        "F6_E2M3, 8, 6",
        "F6_E3M2, 4, 3",
        "U8, 5, 5",
        "I8, 5, 5",
        "F8_E5M2, 5, 5",
        "F8_E4M3, 5, 5",
        "F8_E8M0, 5, 5",
        "F8_E4M3FNUZ, 5, 5",
        "F8_E5M2FNUZ, 5, 5",
        "I16, 5, 10",
        "U16, 5, 10",
        "F16, 5, 10",
        "BF16, 5, 10",
        "I32, 5, 20",
        "U32, 5, 20",
        "F32, 5, 20",
        "C64, 5, 40",
        "F64, 5, 40",
        "I64, 5, 40",
        "U64, 5, 40"
    })
    void everyTypeOfTheFormatMayBeInAFile(StoredType type, int elements, int bytes) {
        String json =
                "{\"a\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(type, elements, bytes);
        try (Safetensors file = Safetensors.open(write(json, new byte[bytes]))) {
            StoredTensor tensor = file.tensor("a");
            assertThat(tensor.bytes().byteSize()).isEqualTo(bytes);
            if (type.dtype().isEmpty()) {
                assertThatThrownBy(tensor::type)
                        .hasMessageContaining("tensor 'a' is stored as " + type)
                        .hasMessageContaining("types to compute with: F32, F16, BF16");
            }
        }
    }

    @Test
    void acceptsPaddingAndEmptyTensors() {
        String json = "{\"none\":{\"dtype\":\"F16\",\"shape\":[0,4],\"data_offsets\":[0,0]}}   ";
        try (Safetensors file = Safetensors.open(write(json, new byte[0]))) {
            assertThat(file.tensor("none").type()).isEqualTo(TensorType.of(DType.F16, 0, 4));
        }
        try (Safetensors file = Safetensors.open(write("{}", new byte[0]))) {
            assertThat(file.names()).isEmpty();
        }
    }

    @Test
    void refusesHeaderLengthsThatTheFileCannotHold() {
        refuses(header(Long.MIN_VALUE, TWO_TENSORS), "(header length): found 9223372036854775808");
        refuses(header(Long.MAX_VALUE, TWO_TENSORS), "(header length)");
        refuses(header(100_000_001, TWO_TENSORS), "(header length)");
        refuses(header(TWO_TENSORS.length() + 1, TWO_TENSORS), "(header length)");
        refuses(header(0, TWO_TENSORS), "(header length)");
        refuses(new byte[7], "7 bytes in the whole file");
        refuses(new byte[0], "0 bytes in the whole file");
    }

    @Test
    void refusesHeadersThatAreNotTheJsonOfTensors() {
        refusesHeader(" {}", "0x20; allowed: the character {");
        refusesHeader("[]", "the character {");
        refusesHeader("{\"a\":", "header");
        refusesHeader("{}{}", "more text after the JSON object");
        refusesHeader("{\"a\":1}", "tensor 'a': found VALUE_NUMBER_INT '1'; allowed: START_OBJECT");
        refusesHeader("{\"a\":{}}", "a field is missing");
        refusesHeader("{\"a\":{\"type\":1}}", "field 'type'; allowed: dtype, shape, data_offsets");
        refusesHeader("{\"__metadata__\":{\"n\":1}}", "__metadata__ 'n'");
        refuses(header(3, "{\u00ff"), "");
    }

    @Test
    void refusesDuplicates() {
        String entry = "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
        refusesHeader("{" + entry + "," + entry + "}", "Duplicate field 'a'");
        refusesHeader("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", "Duplicate field 'dtype'");
    }

    @Test
    void refusesTypesShapesAndOffsetsThatDisagree() {
        refusesTensor("'F5'; allowed: F32, F16, BF16", "F5", "[1]", "[0,1]");
        refusesTensor("whole blocks of 2 elements for F4", "F4", "[3]", "[0,2]");
        refusesTensor(
                "data_offsets [0, 8] span 8 bytes; allowed: 24 bytes, which F32 [2, 3] takes", "F32", "[2,3]", "[0,8]");
        refusesTensor("[begin, end] with begin <= end", "F32", "[1]", "[8,4]");
        refusesTensor("[begin, end] with begin <= end", "F32", "[1]", "[4]");
        refusesTensor("data_offsets: found -4", "F32", "[1]", "[-4,0]");
        refusesTensor("shape: found 18446744073709551616", "F32", "[18446744073709551616]", "[0,4]");
        refusesTensor("fewer than 2^63 bytes", "F32", "[4294967296,4294967296]", "[0,4]");
        refusesTensor("fewer than 2^63 bytes", "F32", "[4611686018427387904]", "[0,4]");
        refusesTensor("shape: found 9 numbers; allowed: at most 8", "F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]");
        refusesTensor("shape: found VALUE_NUMBER_FLOAT '1.5'", "F32", "[1.5]", "[0,4]");
        refusesTensor("shape: found VALUE_NUMBER_INT '1'", "F32", "1", "[0,4]");
    }

    @Test
    void refusesGapsOverlapsAndBytesLeftOver() {
        refusesTensor("begins at 4 of the data, after a gap", "F32", "[1]", "[4,8]");
        refusesTensor("found 12 bytes; allowed: 4 bytes", "F32", "[1]", "[0,4]");
        refusesTensor("found 12 bytes; allowed: 16 bytes", "F32", "[4]", "[0,16]");
        String overlap = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        refuses(
                header(overlap.length(), overlap, new byte[12]),
                "tensor 'b': found begins at 4 of the data, inside another");
    }

    private void refusesTensor(String part, String type, String shape, String offsets) {
        String json = "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(type, shape, offsets);
        refuses(header(json.length(), json, new byte[12]), part);
    }

    private void refusesHeader(String json, String part) {
        refuses(header(json.length(), json), part);
    }

    private void refuses(byte[] content, String part) {
        assertThatThrownBy(() -> Safetensors.open(write(content)))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part)
                .hasMessageContaining("; allowed: ")
                .hasMessageContaining("; fix: ");
    }

    private static byte[] header(long length, String json, byte... data) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return GgufBuilder.bytes(8 + text.length + data.length)
                .putLong(length)
                .put(text)
                .put(data)
                .array();
    }

    private Path write(String json, byte[] data) {
        return write(header(json.length(), json, data));
    }

    private Path write(byte[] content) {
        try {
            return Files.write(Files.createTempFile(folder, "test", ".safetensors"), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
