package microtome.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import microtome.model.config.ModelConfig;
import microtome.model.format.ConfigFile;
import microtome.model.format.Gguf;
import microtome.model.format.GgufMetadata;
import microtome.model.format.WeightFile;
import microtome.model.store.ModelFiles;
import microtome.model.token.Tokenizer;

/**
 * Which tokens say that a text, or a turn of a conversation, has ended: those of {@code generation_config.json}, or else of
 * {@code config.json}; those of a GGUF file; and the one that the tokenizer ends a sequence with.
 */
final class EndOfText {
    private static final String KEY = "eos_token_id";
    private static final List<String> GGUF_KEYS =
            List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");

    private EndOfText() {}

    /** The ids, each once, in ascending order; an id that the model has no row for is left out. */
    static List<Integer> ids(ModelFiles files, WeightFile file, ModelConfig config, Tokenizer tokenizer) {
        var ids = new TreeSet<Integer>();
        if (file instanceof Gguf gguf) {
            addFrom(gguf.metadata(), ids);
        }
        files.config().ifPresent(path -> addFrom(path, ids));
        Optional.ofNullable(tokenizer).flatMap(Tokenizer::eos).ifPresent(token -> ids.add(token.id()));
        return ids.stream().filter(id -> id >= 0 && id < config.vocabulary()).toList();
    }

    private static void addFrom(GgufMetadata metadata, TreeSet<Integer> ids) {
        GGUF_KEYS.stream().filter(metadata::has).forEach(key -> ids.add((int) metadata.longValue(key)));
    }

    private static void addFrom(Path config, TreeSet<Integer> ids) {
        Path generation = config.resolveSibling("generation_config.json");
        JsonNode stated = Files.isRegularFile(generation)
                ? ConfigFile.read(generation).root().path(KEY)
                : ConfigFile.read(config).root().path(KEY);
        if (stated.isInt()) {
            ids.add(stated.intValue());
        }
        for (JsonNode one : stated) {
            if (one.isInt()) {
                ids.add(one.intValue());
            }
        }
    }
}
