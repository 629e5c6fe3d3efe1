package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tiny models of every family on this backend: every value, the loss and its gradient within the bound of their page. */
class ParityTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "gemma2",
                "gemma3",
                "gpt-neox",
                "gpt2",
                "llama-rope3",
                "llama-tied",
                "mistral-window",
                "olmo2",
                "phi3",
                "qwen2",
                "qwen3"
            })
    void theCommandLineAgreesWithTransformers(String name) throws Exception {
        var ended =
                InAProcess.in(folder).run("microtome.cli.Main", "parity", Fixtures.folder(name), "--backend", "nd4j");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).as(ended.out()).isZero();
        assertThat(ended.out().lines().toList().getFirst()).endsWith(", OPENBLAS, " + threads() + " threads");
        assertThat(ended.out().lines().toList().getLast()).matches("parity: max=\\d\\.\\d\\de-\\d\\d bound=2e-05 OK");
    }

    private static String threads() {
        return Nd4jLibrary.instance().device().facts().get("threads");
    }
}
