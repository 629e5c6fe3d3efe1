package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecsTest {
    @TempDir
    private Path folder;

    @Test
    void aKernelOfTheSetUpIsFound() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        install("{\"argv\": [\"%s\", \"-jar\"]}".formatted(java));
        Finding finding = finding();
        assertThat(finding.state()).isEqualTo(Finding.State.OK);
        assertThat(finding.details()).endsWith("starts " + java);
    }

    @Test
    void aKernelWhoseJdkIsGoneIsNeeded() throws IOException {
        install("{\"argv\": [\"/nowhere/bin/java\"]}");
        assertThat(finding().state()).isEqualTo(Finding.State.NEEDED);
        assertThat(finding().details()).endsWith("starts /nowhere/bin/java, which is gone");
    }

    @Test
    void aDamagedKernelspecIsNeeded() throws IOException {
        install("{\"argv\": [");
        assertThat(finding().state()).isEqualTo(Finding.State.NEEDED);
        install("{}");
        assertThat(finding().details()).endsWith("has no argv");
    }

    @Test
    void noKernelNamesTheCommandThatInstallsIt() {
        Finding finding = new KernelSpecs(List.of(folder)).finding();
        assertThat(finding.state()).isEqualTo(Finding.State.NEEDED);
        assertThat(finding.fix()).isEqualTo("environment/run, which installs it");
    }

    private Finding finding() {
        return KernelSpecs.of(Map.of("MICROTOME_ROOT", folder.toString()), folder)
                .finding();
    }

    private void install(String specification) throws IOException {
        Path kernel = folder.resolve(".microtome/venv/share/jupyter/kernels/java25");
        Files.createDirectories(kernel);
        Files.writeString(kernel.resolve("kernel.json"), specification);
    }
}
