package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
    @TempDir
    private Path root;

    @Test
    void nothingSetUpIsNoPeers() {
        assertThat(Peers.find(Optional.empty(), Map.of("MICROTOME_ROOT", root.toString())))
                .isEmpty();
    }

    @Test
    void aFolderWithoutPeersIsRefusedWithTheWayToGetThem() {
        assertThatThrownBy(() -> Peers.find(Optional.of(root), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--peers %s: no %s there; set the peers up with environment/peers/setup"
                        .formatted(root, root.resolve("venv/bin/python")));
    }

    @Test
    void aFinishedSetUpIsFound() throws IOException {
        touch("peers/venv/bin/python");
        touch("peers/smollm2-f32/model.safetensors");
        touch("environment/peers/harvest.py");
        touch("environment/peers/backward.py");
        touch("environment/peers/generate.py");
        touch("environment/peers/operations.py");
        touch("environment/peers/skip.py");
        touch("environment/peers/start.py");
        var environment = Map.of(
                "MICROTOME_ROOT",
                root.toString(),
                "MICROTOME_PEERS",
                root.resolve("peers").toString());
        Peers peers = Peers.find(Optional.empty(), environment).orElseThrow();
        assertThat(peers.startCommand("a b"))
                .containsExactly(
                        root.resolve("peers/venv/bin/python").toString(),
                        root.resolve("environment/peers/start.py").toString(),
                        root.resolve("peers/smollm2-f32").toString(),
                        "a b");
        assertThat(peers.hooked("hooked.py", "nnsight")).isEmpty();
    }

    private void touch(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }
}
