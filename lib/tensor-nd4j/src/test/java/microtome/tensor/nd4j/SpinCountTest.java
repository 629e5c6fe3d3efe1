package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenMP library prints the settings that it found when it was loaded, if asked to. */
class SpinCountTest {
    @TempDir
    private Path folder;

    /** Opens the backend and computes. */
    static final class Program {
        private Program() {}

        public static void main(String[] none) {
            try (var engine = Engine.open("nd4j")) {
                System.out.println(engine.tensor(new float[] {1, 2}, 2).plus(1));
            }
        }
    }

    @Test
    void idleThreadsSpinShortly() throws Exception {
        Assumptions.assumeTrue(System.getenv("GOMP_SPINCOUNT") == null, "the user has chosen");
        var ended = InAProcess.in(folder).with("OMP_DISPLAY_ENV", "VERBOSE").run(Program.class.getName());
        assertThat(ended.out()).startsWith("F32 [2] ");
        assertThat(ended.err()).contains("GOMP_SPINCOUNT = '1000'");
    }
}
