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

    private static final Map<String, ActivationFunction> NAMES = Map.ofEntries(
            Map.entry("silu", SILU),
            Map.entry("swish", SILU),
            Map.entry("gelu_new", GELU_TANH),
            Map.entry("gelu_pytorch_tanh", GELU_TANH),
            Map.entry("gelu_python_tanh", GELU_TANH),
            Map.entry("gelu_accurate", GELU_TANH),
            Map.entry("gelu_fast", GELU_TANH),
            Map.entry("gelu", GELU_ERF),
            Map.entry("gelu_python", GELU_ERF),
            Map.entry("relu", RELU));

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
