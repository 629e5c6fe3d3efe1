package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParityCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "llama-rope3"})
    void theReferenceBackendAgreesWithTransformers(String name) {
        Call call = Call.of("parity", TinyModel.fixture(name), "--backend", "reference");
        assertThat(call.err()).isEmpty();
        assertThat(call.lastLine()).matches("parity: max=\\d\\.\\d\\de-\\d\\d bound=2e-05 OK");
        assertThat(call.status()).isZero();
        assertThat(call.out())
                .contains("hidden_states.3", "final_norm", "attentions.2", "pattern.2", "all 6 tokens equal")
                .contains("gradient at residual.0");
    }

    /** Whatever their family, size and number of files. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-dynamic-shards", "phi3-longrope", "gemma3-linear"})
    void modelsOfOtherSizesAgreeToo(String name) {
        Call call = Call.of("parity", TinyModel.fixture("../other-sizes/" + name), "--backend", "reference");
        assertThat(call.err()).isEmpty();
        assertThat(call.lastLine()).matches("parity: max=\\d\\.\\d\\de-\\d\\d bound=2e-05 OK");
        assertThat(call.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hidden_states.0", "hidden_states.3", "attentions.1", "logits", "loss", "grad.inputs_embeds"})
    void oneWrongValueInAnyTensorFails(String name) throws IOException {
        Path wrong = TinyModel.copy("llama-tied", folder.resolve("wrong"));
        overwrite(wrong.resolve("expected.safetensors"), name, floatBytes(7));
        Call call = Call.of("parity", wrong, "--backend", "reference");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.lastLine()).endsWith("FAILED");
        assertThat(call.out().lines().filter(line -> line.contains("FAILED") && line.startsWith(name)))
                .hasSize(1);
    }

    @Test
    void oneOtherGreedyTokenFails() throws IOException {
        Path wrong = TinyModel.copy("llama-tied", folder.resolve("wrong"));
        overwrite(wrong.resolve("expected.safetensors"), "greedy", new byte[] {96});
        Call call = Call.of("parity", wrong, "--backend", "reference");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.out()).contains("FAILED token 0 is");
        assertThat(call.lastLine()).endsWith("FAILED");
    }

    @Test
    void anUnknownBackendNamesThoseThatExist() {
        Call call = Call.of("parity", TinyModel.fixture("llama-tied"), "--backend", "gpu");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("backend 'gpu' is unknown", "reference (available)");
    }

    @Test
    void weightsAsStoredAgreeAndRoundedOnesAreToldApart() {
        Path folder = TinyModel.fixture("llama-tied");
        assertThat(Call.of("parity", folder, "--backend", "reference", "--weights", "as-stored")
                        .status())
                .isZero();
        assertThat(Call.of("parity", folder, "--backend", "reference", "--weights", "bf16")
                        .status())
                .isEqualTo(1);
        Call call = Call.of("parity", folder, "--weights", "stored");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("weights 'stored' are unknown; give one of as-stored, f32, bf16, q8_0, q4_1");
    }

    @Test
    void aFolderWithoutTheFilesNamesWhatIsMissing() throws IOException {
        Path partial = TinyModel.copy("llama-tied", folder.resolve("partial"));
        Files.delete(partial.resolve("expected.safetensors"));
        Call call = Call.of("parity", partial);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("has no expected.safetensors");
        assertThat(Call.of("parity", "nowhere").err()).contains("nowhere is not a folder");
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        for (String file : new String[] {"expected.safetensors", "model.safetensors"}) {
            Path cut = TinyModel.copy("llama-tied", folder.resolve("cut-" + file));
            byte[] whole = Files.readAllBytes(cut.resolve(file));
            Files.write(cut.resolve(file), Arrays.copyOf(whole, whole.length - 1));
            Call call = Call.of("parity", cut, "--backend", "reference");
            assertThat(call.status()).isEqualTo(2);
            assertThat(call.err()).contains(file);
        }
    }

    /** Puts other bytes at the start of a tensor. */
    private static void overwrite(Path file, String tensor, byte[] bytes) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int header = Math.toIntExact(
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong());
        String json = new String(whole, Long.BYTES, header, StandardCharsets.UTF_8);
        Matcher found = Pattern.compile("\"%s\":\\{[^}]*\"data_offsets\":\\[(\\d+),".formatted(Pattern.quote(tensor)))
                .matcher(json);
        assertThat(found.find()).isTrue();
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(Long.BYTES + header + Long.parseLong(found.group(1)));
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    private static byte[] floatBytes(float value) {
        return ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
    }
}
