package microtome.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import microtome.display.Column;
import microtome.display.Table;
import microtome.model.store.ModelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code models}: every name that loads without a network, and where its files are. */
@Command(
        name = "models",
        description =
                "Lists the models that load without a network, and where they are: bundled, local, and in the cache of the hub.")
final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec specification;

    private ModelsCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = specification.commandLine().getOut();
        ModelStore models = ModelStore.standard();
        out.println(table(models).plainText());
        out.println("searched: %s; %s".formatted(models.folders(), models.hub().settings()));
        return 0;
    }

    static Table table(ModelStore store) {
        Table table = Table.of(Column.text("model"), Column.text("where"));
        for (String name : store.names()) {
            table = table.row(name, place(store, name));
        }
        for (var model : store.hub().cached()) {
            table = table.row(model.name(), model.weights().getParent());
        }
        return table;
    }

    private static String place(ModelStore store, String name) {
        return store.folderOf(name).map(Path::toString).orElse("");
    }
}
