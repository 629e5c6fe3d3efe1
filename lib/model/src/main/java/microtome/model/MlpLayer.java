package microtome.model;

import microtome.model.Site.Kind;
import microtome.model.config.ModelConfig;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/**
 * The MLP of one block, from what it reads to its neurons.
 *
 * @param gate what the activation function reads; null where the MLP has no gate
 * @param up the other half; what the activation function reads where there is no gate
 */
record MlpLayer(ModelConfig config, int block, Linear gate, Linear up) {

    /** {@code [sequences, positions, mlpWidth]}. */
    Tensor neurons(Tensor input, Step step) {
        DType type = input.dtype();
        var before = new Site(Kind.MLP_PRE_ACTIVATION, block);
        var neurons = new Site(Kind.MLP_ACTIVATION, block);
        if (gate == null) {
            return step.at(neurons, activated(step.at(before, up.apply(input, type)), type));
        }
        Tensor gated = step.at(before, gate.apply(input, type));
        Tensor linear = step.at(new Site(Kind.MLP_UP, block), up.apply(input, type));
        return step.at(neurons, gated(gated, linear, type));
    }

    private Tensor activated(Tensor values, DType type) {
        return switch (config.mlp().activation()) {
            case SILU -> Layers.activation(Op.Activation.SILU, values, type);
            case GELU_TANH -> Layers.activation(Op.Activation.GELU_TANH, values, type);
            case GELU_ERF -> Layers.activation(Op.Activation.GELU_ERF, values, type);
            case RELU -> rectified(values);
        };
    }

    private Tensor gated(Tensor gated, Tensor linear, DType type) {
        return switch (config.mlp().activation()) {
            case SILU -> Layers.gatedActivation(Op.Activation.SILU, gated, linear, type);
            case GELU_TANH -> Layers.gatedActivation(Op.Activation.GELU_TANH, gated, linear, type);
            case GELU_ERF -> Layers.gatedActivation(Op.Activation.GELU_ERF, gated, linear, type);
            case RELU -> rectified(gated).times(linear);
        };
    }

    private static Tensor rectified(Tensor values) {
        return values.maximum(values.engine().filled(0, values.dtype(), 1));
    }
}
