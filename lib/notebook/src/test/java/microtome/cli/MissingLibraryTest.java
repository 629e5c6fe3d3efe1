package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own, because a process looks for the native library once. */
class MissingLibraryTest {
    @TempDir
    private Path folder;

    @Test
    void withoutTheNativeLibraryTheReferenceComputesAndAWarningSaysWhy() throws Exception {
        Path model = TinyModel.withTokenizer(folder.resolve("tiny"));
        Path output = folder.resolve("values.safetensors");
        Call call =
                inAProcess("activations", "--model", model.toString(), "--text", "a layer", "-o", output.toString());
        assertThat(call.status()).isZero();
        assertThat(output).exists();
        assertThat(call.err().lines())
                .singleElement()
                .asString()
                .startsWith("microtome: WARNING: backend cpu is missing: ")
                .contains(folder.toString())
                .endsWith("using reference");
    }

    @Test
    void askingForTheMissingBackendIsRefusedWithTheReason() throws Exception {
        Call call = inAProcess("parity", TinyModel.fixture("llama-tied").toString(), "--backend", "cpu");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .startsWith("microtome: backend 'cpu' is missing: ")
                .contains(folder.toString(), "reference (available)");
    }

    @Test
    void theDoctorSaysWhatIsMissingAndWhy() throws Exception {
        Call call = inAProcess("doctor");
        assertThat(call.out().lines().filter(line -> line.startsWith("backend cpu")))
                .singleElement()
                .asString()
                .contains("missing", folder.toString());
        assertThat(call.out()).contains("fix for backend cpu: ");
    }

    private Call inAProcess(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dmicrotome.native=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err.txt");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Call(process.waitFor(), out, Files.readString(err));
    }
}
