package microtome.model;

import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/**
 * A matrix of a model and what is added to its products.
 *
 * @param weight {@code [outputs, inputs]}
 * @param bias F32 {@code [outputs]}, or null
 */
record Linear(Tensor weight, Tensor bias) {

    Tensor apply(Tensor input, DType output) {
        return Layers.linear(input, weight, bias == null ? null : bias.cast(output), output);
    }

    /** {@code sum + apply(input)}; one product where there is no bias. */
    Tensor addTo(Tensor sum, Tensor input) {
        return bias == null
                ? Layers.linear(input, weight, sum, DType.F32)
                : sum.plus(Layers.linear(input, weight, bias, DType.F32));
    }
}
