package microtome.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code activations}: runs a text once and writes what the model computed, for other programs to read. */
@Command(
        name = "activations",
        description = {
            "Runs a text, or tokens, through a model once and writes its internal values to a safetensors file.",
            "Values are F32 without an axis of sequences; token_ids (I32) is always among them.",
            "An existing file is replaced, in one step, when the new one is complete."
        })
final class ActivationsCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "M", description = "The name, file or folder of a model.")
    private String model;

    @ArgGroup(multiplicity = "1")
    private Prompt prompt;

    @Option(
            names = "--sites",
            split = ",",
            paramLabel = "NAME",
            description = {
                "Names such as residual.14,pattern.3,logits, or all.",
                "Default: every residual, final_norm, logits and every pattern."
            })
    private List<String> sites = List.of();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "F.safetensors",
            description = "The file to write.")
    private Path output;

    @Mixin
    private LoadingOptions loading;

    @Spec
    private CommandSpec specification;

    private ActivationsCommand() {}

    @Override
    public Integer call() {
        requireWritable();
        prompt.requireReadable();
        ModelFiles files = ModelStore.standard().resolve(model);
        try (var loaded = LanguageModel.load(files, loading.options())) {
            List<Site> chosen = ChosenSites.parse(sites, loaded.config());
            TokenSequence tokens = prompt.tokens(loaded);
            var written = new ActivationsFile(output, prompt.text(), sha256(files)).write(loaded, tokens, chosen);
            specification
                    .commandLine()
                    .getOut()
                    .println("%s: %d tokens, %d tensors, %,d bytes"
                            .formatted(output, tokens.size(), written.tensors(), written.bytes()));
        }
        return 0;
    }

    /** Of the weight file; the store knows it for its own models. */
    private static String sha256(ModelFiles files) {
        return files.sha256().orElseGet(() -> {
            try (WeightFile file = WeightFormats.open(files.weights())) {
                return file.sha256();
            }
        });
    }

    private void requireWritable() {
        Path folder = output.toAbsolutePath().getParent();
        if (Files.isDirectory(output)) {
            throw new IllegalArgumentException(
                    "--output %s is a folder; give the name of a file in it".formatted(output));
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "--output %s: there is no folder %s; make it first: mkdir -p %s".formatted(output, folder, folder));
        }
    }
}
