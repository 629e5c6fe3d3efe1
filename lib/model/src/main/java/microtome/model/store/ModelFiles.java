package microtome.model.store;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of one model.
 *
 * @param name what people call it
 * @param weights the weight file, or the index of several
 * @param config {@code config.json}; GGUF files carry the same inside
 * @param tokenizer {@code tokenizer.json}, BERT's {@code vocab.txt}, or the GGUF file itself
 * @param sha256 sum of the weight file where it is known in advance: checked for a bundled model, and for one of the hub
 *     when it was downloaded
 * @param commit the commit of a model of the hub
 */
public record ModelFiles(
        String name,
        Path weights,
        Optional<Path> config,
        Optional<Path> tokenizer,
        Optional<String> sha256,
        Optional<String> commit) {

    /** Name and weights are always known. */
    public ModelFiles {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(weights, "weights");
    }

    /** Files that are of no hub. */
    public ModelFiles(
            String name, Path weights, Optional<Path> config, Optional<Path> tokenizer, Optional<String> sha256) {
        this(name, weights, config, tokenizer, sha256, Optional.empty());
    }

    /**
     * Where the model is from, for its card. A model of the store goes by its name alone, so that what a cell shows of it is
     * the same on every machine.
     */
    public String source() {
        boolean isPath = name.contains("/") || name.contains("\\");
        return commit.map(revision -> "commit %s, in %s".formatted(revision, weights.getParent()))
                .orElse(isPath ? weights.toString() : "the model store; 'microtome models' says where it lies");
    }
}
