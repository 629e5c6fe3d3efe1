package microtome.model;

/**
 * How to load a model.
 *
 * @param backend name of the backend, such as {@code cpu} or {@code reference}; empty for the best one here
 * @param precision how to compute: the type of the activations that meet the weights
 * @param weights how the weights lie in memory
 */
public record LoadOptions(String backend, Precision precision, Weights weights) {
    /** The best backend, everything in F32. */
    public static final LoadOptions DEFAULT = new LoadOptions("", Precision.F32, Weights.F32);

    /** Checks that there are products of this precision with such weights. */
    public LoadOptions {
        if (precision == Precision.BF16 && weights != Weights.BF16) {
            throw new IllegalArgumentException(
                    "weights %s with precision BF16: BF16 activations are multiplied by BF16 weights only; use weights(Weights.BF16), or precision(Precision.F32) to keep weights %s"
                            .formatted(weights, weights));
        }
    }

    /** The same with another backend. */
    public LoadOptions backend(String name) {
        return new LoadOptions(name, precision, weights);
    }

    /** The same with another precision; for BF16 the weights of the default, F32, become BF16 too. */
    public LoadOptions precision(Precision other) {
        boolean follow = other == Precision.BF16 && weights == Weights.F32;
        return new LoadOptions(backend, other, follow ? Weights.BF16 : weights);
    }

    /** The same with weights in another form. */
    public LoadOptions weights(Weights other) {
        return new LoadOptions(backend, precision, other);
    }
}
