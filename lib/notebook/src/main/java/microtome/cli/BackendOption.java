package microtome.cli;

import microtome.model.LoadOptions;
import picocli.CommandLine.Option;

/** The option {@code --backend}. Without it the engine warns when the best backend it knows is missing. */
final class BackendOption {
    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "",
            description = "cpu, nd4j or reference; without it the best one that is available here.")
    private String name;

    LoadOptions options() {
        return LoadOptions.DEFAULT.backend(name);
    }
}
