package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WholeProcessTest {
    @Test
    void theTimeEndsAtTheFirstResultNotAtTheEnd() {
        WholeProcess run = shell("echo a warning; echo '{\"a\": 1}'; sleep 0.5; echo '{\"b\": 2}'");
        assertThat(run.lines()).isEqualTo(List.of(Map.of("a", 1), Map.of("b", 2)));
        assertThat(run.seconds()).isBetween(0.0, 0.4);
    }

    @Test
    void aProcessThatFailsOrSaysNothingIsNoResult() {
        assertThatThrownBy(() -> shell("echo '{}'; exit 3"))
                .hasMessage("sh ended with status 3 and 1 lines of results; its error stream says why");
        assertThatThrownBy(() -> shell("true")).hasMessageStartingWith("sh ended with status 0 and 0 lines");
    }

    private static WholeProcess shell(String script) {
        return WholeProcess.run(List.of("sh", "-c", script));
    }
}
