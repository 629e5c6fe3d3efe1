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
 * @param tokenizer {@code tokenizer.json}, or the GGUF file itself
 * @param sha256 sum of the weight file where it is known in advance, and then checked
 */
public record ModelFiles(
        String name, Path weights, Optional<Path> config, Optional<Path> tokenizer, Optional<String> sha256) {

    /** Name and weights are always known. */
    public ModelFiles {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(weights, "weights");
    }
}
