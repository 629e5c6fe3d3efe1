package microtome.model;

import microtome.tensor.DType;

/**
 * How a model computes: the type of the activations that meet weights. The residual stream and the softmax are F32 in both.
 * How the weights lie in memory is a matter of {@link Weights}.
 */
public enum Precision {
    /** F32 activations: with F32 weights the numbers of the reference. */
    F32(DType.F32),
    /** BF16 activations and weights into every matrix product, F32 sums: about 3 significant digits. */
    BF16(DType.BF16);

    private final DType type;

    Precision(DType type) {
        this.type = type;
    }

    /** The type of the activations that meet weights. */
    public DType type() {
        return type;
    }
}
