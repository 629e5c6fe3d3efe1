package microtome.model.family;

import java.util.List;
import microtome.model.config.ModelConfig;
import microtome.model.format.WeightFile;

/**
 * How the files of one family of models spell their configuration and weights. A new family is one implementation, listed
 * for {@link java.util.ServiceLoader}.
 */
public interface Family {
    /**
     * What {@code model_type} of a {@code config.json} and {@code general.architecture} of a GGUF file call it; the first is
     * its name.
     */
    List<String> names();

    /** What a model of this family is made of, from the keys of a {@code config.json}. */
    ModelConfig fromHuggingFace(Settings config);

    /** What a model of this family is made of, from the metadata keys of a GGUF file and from which tensors it holds. */
    ModelConfig fromGguf(Settings metadata, WeightFile file);

    /** Where safetensors files have the weights. */
    WeightNames huggingFaceNames(ModelConfig config);

    /** Where GGUF files have the weights. */
    WeightNames ggufNames(ModelConfig config);

    /** Spellings of a tensor's name that files of this family use, the usual one first. */
    default List<String> spellings(String name) {
        return List.of(name);
    }

    /** Whether GGUF files of this family hold the rows of query and key in pairs ({@code [head, half, 2]}). */
    default boolean ggufPairsRotaryRows() {
        return false;
    }
}
