package microtome.cli;

import java.io.PrintWriter;
import microtome.model.LoadOptions;
import microtome.model.ModelCard;
import picocli.CommandLine.Option;

/** The option {@code --backend}, and the warning when the best backend is not the one that computes. */
final class BackendOption {
    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "",
            description = "cpu or reference; without it the best one that is available here.")
    private String name;

    LoadOptions options() {
        return LoadOptions.DEFAULT.backend(name);
    }

    /** Says why a better backend is missing, unless this one was asked for by name. */
    void warn(ModelCard card, PrintWriter err) {
        if (name.isEmpty()) {
            card.notes().forEach(note -> err.println("microtome: warning: " + note));
        }
    }
}
