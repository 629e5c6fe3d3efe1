package microtome.model.family;

import java.util.Map;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.format.WeightFile;

/**
 * How the files of one family of models spell their configuration and weights. A new family is one implementation, listed
 * for {@link java.util.ServiceLoader}.
 */
public interface Family {
    /** The name both {@code model_type} of {@code config.json} and {@code general.architecture} of a GGUF file use. */
    String name();

    /** The dimensions, from the keys of a {@code config.json}. */
    ModelConfig fromHuggingFace(Settings config);

    /** The dimensions, from the metadata keys of a GGUF file and from which tensors it holds. */
    ModelConfig fromGguf(Settings metadata, WeightFile file);

    /** Names of tensors in safetensors files; {@code {n}} stands for the block. */
    Map<Role, String> huggingFaceNames();

    /** Names of tensors in GGUF files; {@code {n}} stands for the block. */
    Map<Role, String> ggufNames();

    /** Whether GGUF files of this family hold the rows of query and key in pairs ({@code [head, half, 2]}). */
    boolean ggufPairsRotaryRows();
}
