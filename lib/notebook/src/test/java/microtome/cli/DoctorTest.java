package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.model.store.ModelStore;
import microtome.tensor.Availability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final Availability REFERENCE = new Availability("reference", true, "plain Java");

    @TempDir
    private Path folder;

    @Test
    void whatTheNotebooksNeedAndLackIsSaidWithTheFix() {
        Finding model = finding("model smollm2-135m-instruct", REFERENCE);
        assertThat(model.state()).isEqualTo(Finding.State.NEEDED);
        assertThat(model.fix()).contains("environment/run");
        assertThat(finding("kernel java25", REFERENCE).state()).isEqualTo(Finding.State.NEEDED);
    }

    @Test
    void anAvailableBackendShowsWhatItRunsOn() {
        Finding backend = finding("backend reference", REFERENCE);
        assertThat(backend.state()).isEqualTo(Finding.State.OK);
        assertThat(backend.details()).contains("plain Java loops", "processors");
    }

    @Test
    void aMissingBackendSaysWhyAndIsNeededOnlyWhenThereIsNoOther() {
        var absent = new Availability("cpu", false, "libmicrotome.so is not packaged for this machine");
        assertThat(finding("backend cpu", absent, REFERENCE))
                .extracting(Finding::state, Finding::details)
                .containsExactly(Finding.State.MISSING, absent.reason());
        assertThat(finding("backend cpu", absent).state()).isEqualTo(Finding.State.NEEDED);
    }

    @Test
    void aModelOfTheWrongSizeIsNeededAgain() throws IOException {
        Path model = Files.createDirectories(folder.resolve("smollm2-135m-instruct"));
        Files.writeString(model.resolve("model.gguf"), "GGUF");
        Finding finding = finding("model smollm2-135m-instruct", REFERENCE);
        assertThat(finding.state()).isEqualTo(Finding.State.NEEDED);
        assertThat(finding.details()).contains("4 bytes", "98362432 bytes");
    }

    @Test
    void anotherModelIsListedAndADamagedOneDoesNotStopTheNotebooks() throws IOException {
        TinyModel.copy("llama-tied", folder.resolve("tiny"));
        Files.createDirectories(folder.resolve("empty"));
        assertThat(finding("model tiny", REFERENCE).details()).contains("model.safetensors", "no checksum known");
        assertThat(finding("model empty", REFERENCE).state()).isEqualTo(Finding.State.MISSING);
    }

    @Test
    void theCommandEndsWithItsVerdictAndStatus() {
        Call call = Call.of("doctor", "--no-self-test");
        assertThat(call.out()).contains("library", "java", "processor", "backend reference", "model ", "kernel java25");
        assertThat(call.out()).doesNotContain("self-test");
        assertThat(call.lastLine()).startsWith(call.status() == 0 ? "doctor: OK" : "doctor: FAILED");
        assertThat(call.status()).isBetween(0, 1);
    }

    private Finding finding(String what, Availability... backends) {
        var doctor = new Doctor(ModelStore.of(List.of(folder)), new KernelSpecs(List.of(folder)), List.of(backends));
        return doctor.findings().stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow();
    }
}
