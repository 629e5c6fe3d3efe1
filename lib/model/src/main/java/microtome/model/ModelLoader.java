package microtome.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microtome.model.format.Gguf;
import microtome.model.format.NonFinite;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.model.token.Tokenizer;
import microtome.tensor.Engine;

/** Puts a model together from its files: configuration, tokenizer, weights, card. */
final class ModelLoader {
    private static final String GGUF_TOKENIZER = "tokenizer.ggml.model";

    private final ModelFiles files;
    private final LoadOptions options;
    private final long started = System.nanoTime();

    ModelLoader(ModelFiles files, LoadOptions options) {
        this.files = files;
        this.options = options;
    }

    LanguageModel load() {
        WeightFile file = WeightFormats.open(files.weights());
        var described = DescribedModel.of(files, file);
        var tokenizer = besides(
                () -> files.tokenizer().map(path -> tokenizer(path, file)).orElse(null));
        Engine engine = options.backend().isEmpty() ? Engine.open() : Engine.open(options.backend());
        try {
            return engine.outsideScopes(() -> assemble(engine, file, described, tokenizer));
        } catch (RuntimeException failure) {
            engine.close();
            throw failure;
        }
    }

    private LanguageModel assemble(
            Engine engine, WeightFile file, DescribedModel described, CompletableFuture<Tokenizer> tokenizer) {
        var named = new FamilyFile(file, described.family(), described.config());
        named.requireHead();
        var broken = besides(() -> broken(file));
        var tensors = new RoleTensors(engine, named, options.weights());
        var weights = new ModelWeights(new WeightLoader(tensors, options), file::close);
        Tokenizer ready = joined(tokenizer);
        List<String> notes =
                Stream.concat(joined(broken).stream(), engine.notes().stream()).toList();
        engine.trim();
        engine.synchronize();
        file.unload();
        List<Integer> ends = EndOfText.ids(files, file, named.config(), ready);
        return new LanguageModel(files, weights, ready, card(engine, named, ready, notes), ends);
    }

    /** Tensors with NaN or infinite numbers; of weights that stay in the file only the small ones are read. */
    private List<String> broken(WeightFile file) {
        return file.names().stream()
                .map(file::tensor)
                .filter(stored ->
                        options.weights() != Weights.AS_STORED || stored.shape().rank() < 2)
                .flatMap(stored -> NonFinite.in(stored).stream())
                .map(NonFinite::toString)
                .toList();
    }

    /** None where a GGUF file has no vocabulary: such a model is given token ids, like a folder without a tokenizer. */
    private static Tokenizer tokenizer(Path path, WeightFile file) {
        if (!path.equals(file.path()) || !(file instanceof Gguf gguf)) {
            return Tokenizer.open(path);
        }
        return gguf.metadata().has(GGUF_TOKENIZER) ? Tokenizer.of(gguf.metadata()) : null;
    }

    /** Starts something on a thread of its own: a tokenizer takes as long as the weights and needs none of them, and so does a look at all numbers. */
    private static <T> CompletableFuture<T> besides(Supplier<T> work) {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().name("microtome-loader").daemon().start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static <T> T joined(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    private ModelCard card(Engine engine, FamilyFile named, Tokenizer tokenizer, List<String> notes) {
        WeightFile file = named.weights();
        return new ModelCard(
                files.name(),
                files.source(),
                named.config(),
                ParameterCount.of(named),
                storage(file),
                file.bytes(),
                files.sha256().orElse(""),
                options.precision(),
                options.weights(),
                weightBytes(file),
                engine.device().description(),
                engine.liveBytes(),
                (System.nanoTime() - started) / 1e9,
                tokenizer == null ? List.of("none; give token ids") : tokenizer.rules(),
                Parity.statement(files.sha256(), options),
                notes);
    }

    private long weightBytes(WeightFile file) {
        return file.names().stream()
                .mapToLong(name -> options.weights().bytes(file.tensor(name)))
                .sum();
    }

    private static String storage(WeightFile file) {
        Map<String, Long> counts = file.names().stream()
                .collect(Collectors.groupingBy(
                        name -> file.tensor(name).storedType().toString(), LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> "%s × %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
