package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.display.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    @TempDir
    private Path folder;

    /** The Java machine alone is many times larger than this model's weights. */
    @Test
    void aBrokenPromiseIsToldInNumbersAndByTheStatus() throws IOException {
        Path model = TinyModel.withTokenizer(folder.resolve("tiny"));
        Call call = Call.of("bench", "memory", "--model", model, "--json");
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isEqualTo(1);
        var tree = (Map<?, ?>) Json.read(call.out());
        assertThat(tree.get("bench")).isEqualTo("memory");
        assertThat(tree.get("model")).isEqualTo(model.toString());
        var facts = (Map<?, ?>) result(tree).get("facts");
        assertThat(facts.get("ratio")).asString().endsWith("(bound 1.2)");
        assertThat(facts.get("peak resident")).asString().endsWith("MiB");
    }

    @Test
    void everySingleTimeIsInTheJson() throws IOException {
        Path model = TinyModel.withTokenizer(folder.resolve("tiny"));
        Call call = Call.of("bench", "lens", "--model", model, "--json");
        var contender =
                (Map<?, ?>) ((List<?>) result((Map<?, ?>) Json.read(call.out())).get("contenders")).getFirst();
        assertThat(contender.get("name")).isEqualTo("microtome");
        assertThat((List<?>) contender.get("seconds")).hasSize(100);
    }

    @Test
    void aFolderWithoutPeersAndAnUnknownModelAreRefused() {
        Call call = Call.of("bench", "harvest", "--peers", folder);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("--peers " + folder, "environment/peers/setup");
        assertThat(Call.of("bench", "memory", "--model", "smollm2-135m-instrukt")
                        .err())
                .contains("there is no model", "smollm2-135m-instruct");
    }

    private static Map<?, ?> result(Map<?, ?> tree) {
        return (Map<?, ?>) ((List<?>) tree.get("results")).getFirst();
    }
}
