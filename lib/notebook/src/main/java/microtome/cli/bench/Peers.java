package microtome.cli.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Python programs that take turns with us: an environment of their own, the bundled model in the form that they load
 * fastest, and the scripts that drive them.
 *
 * @param python the interpreter of their environment
 * @param model the folder of the converted model
 * @param scripts the folder of {@code harvest.py} and the other scripts
 */
public record Peers(Path python, Path model, Path scripts) {
    /** How to get them. */
    public static final String SET_UP = "environment/peers/setup";

    /**
     * The peers of this folder, or of the one that the environment names.
     *
     * @return empty when none was given and none is set up
     * @throws IllegalArgumentException when a folder was given that holds no peers
     */
    public static Optional<Peers> find(Optional<Path> given, Map<String, String> environment) {
        Path root = Path.of(environment.getOrDefault("MICROTOME_ROOT", "."));
        Path home = given.orElse(Path.of(environment.getOrDefault(
                "MICROTOME_PEERS", root.resolve(".microtome/peers").toString())));
        var peers = new Peers(
                home.resolve("venv/bin/python"), home.resolve("smollm2-f32"), root.resolve("environment/peers"));
        List<Path> missing = peers.missing();
        if (missing.isEmpty()) {
            return Optional.of(peers);
        }
        if (given.isPresent()) {
            throw new IllegalArgumentException(
                    "--peers %s: no %s there; set the peers up with %s".formatted(home, missing.getFirst(), SET_UP));
        }
        return Optional.empty();
    }

    private List<Path> missing() {
        return List.of(
                        python,
                        model.resolve("model.safetensors"),
                        scripts.resolve("harvest.py"),
                        scripts.resolve("backward.py"),
                        scripts.resolve("generate.py"),
                        scripts.resolve("operations.py"),
                        scripts.resolve("skip.py"),
                        scripts.resolve("start.py"))
                .stream()
                .filter(path -> !Files.exists(path))
                .toList();
    }

    /** The server of harvests. */
    PeerServer server() {
        return server("harvest.py");
    }

    /** A server of a script for TransformerLens or nnsight, in their environment; empty where that is not set up. */
    Optional<PeerServer> hooked(String script, String... arguments) {
        Path interpreter = model.resolveSibling("lens/bin/python");
        if (!Files.exists(interpreter)) {
            return Optional.empty();
        }
        var command = new ArrayList<>(
                List.of(interpreter.toString(), scripts.resolve(script).toString(), model.toString()));
        command.addAll(List.of(arguments));
        return Optional.of(PeerServer.start(command));
    }

    /** The server that is one of the scripts, with the model loaded on request. */
    PeerServer server(String script) {
        return PeerServer.start(
                List.of(python.toString(), scripts.resolve(script).toString(), model.toString()));
    }

    /** The server of single operations. */
    PeerServer operations() {
        return PeerServer.start(
                List.of(python.toString(), scripts.resolve("operations.py").toString()));
    }

    /** The command from process start to first logits. */
    List<String> startCommand(String text) {
        return List.of(python.toString(), scripts.resolve("start.py").toString(), model.toString(), text);
    }
}
