package microtome.model.config;

/**
 * What an MLP computes between its matrices.
 *
 * @param gated whether neurons are {@code activation(gate) * up}, else {@code activation(up)}
 * @param activation the activation function
 */
public record MlpRule(boolean gated, ActivationFunction activation) {}
