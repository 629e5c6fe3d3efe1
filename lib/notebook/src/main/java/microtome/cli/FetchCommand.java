package microtome.cli;

import java.util.concurrent.Callable;
import microtome.display.Displays;
import microtome.model.store.ModelStore;
import microtome.model.store.hub.HubModel;
import microtome.model.store.hub.HubName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fetch hf:org/name}: brings a model of the hub up to date. */
@Command(
        name = "fetch",
        description = {
            "Asks the Hugging Face hub for a model and downloads what is missing of it into the cache that Python shares.",
            "Prints where its weights are; progress goes to the error output. A stopped download goes on with the same call."
        })
final class FetchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            description = "hf:org/name, hf:org/name@revision, or hf:org/name/file.gguf where there are several.")
    private String name;

    @Spec
    private CommandSpec specification;

    private FetchCommand() {}

    @Override
    public Integer call() {
        HubName wanted = HubName.parse(name);
        Displays.Sink before = Displays.get();
        Displays.install(Displays.printing(() -> System.err));
        try {
            HubModel model = ModelStore.standard().hub().fetch(wanted);
            specification.commandLine().getOut().println(model.weights());
            return 0;
        } finally {
            Displays.install(before);
        }
    }
}
