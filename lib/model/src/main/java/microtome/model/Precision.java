package microtome.model;

import microtome.tensor.DType;

/**
 * How a model computes. The residual stream and the softmax are F32 in both.
 */
public enum Precision {
    /** F32 weights and activations: the numbers of the reference. */
    F32(DType.F32),
    /** BF16 weights and activations into every matrix product, F32 sums: half the memory, about 3 significant digits. */
    BF16(DType.BF16);

    private final DType type;

    Precision(DType type) {
        this.type = type;
    }

    /** The type of packed weights and of the activations that meet them. */
    public DType type() {
        return type;
    }
}
