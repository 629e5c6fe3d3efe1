package microtome.model.config;

import java.util.Map;

/** The activation function of an MLP. */
public enum ActivationFunction {
    /** {@code x * sigmoid(x)}. */
    SILU,
    /** The Gaussian error linear unit by its tanh form. */
    GELU_TANH,
    /** The Gaussian error linear unit by the error function. */
    GELU_ERF,
    /** {@code max(x, 0)}. */
    RELU;

    private static final Map<String, ActivationFunction> NAMES = Map.of(
            "silu", SILU,
            "swish", SILU,
            "gelu_new", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu", GELU_ERF,
            "gelu_python", GELU_ERF,
            "relu", RELU);

    /**
     * The function that configurations call by this name.
     *
     * @param source the file that names it, for the message
     */
    public static ActivationFunction named(String name, String source) {
        ActivationFunction found = NAMES.get(name);
        if (found == null) {
            throw new IllegalArgumentException("%s: activation function '%s' is not known; known are %s"
                    .formatted(source, name, NAMES.keySet().stream().sorted().toList()));
        }
        return found;
    }
}
