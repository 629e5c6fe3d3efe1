package microtome.model.config;

/**
 * What every norm of a model does to a vector.
 *
 * @param kind whether the mean is taken away first
 * @param epsilon added under the root
 * @param gainOffset added to every stored gain; 1 where files store the gain less one
 */
public record NormRule(Kind kind, float epsilon, float gainOffset) {

    /** Whether the mean is taken away first. */
    public enum Kind {
        /** {@code x * gain / sqrt(mean(x²) + epsilon)}; Zhang and Sennrich 2019. */
        ROOT_MEAN_SQUARE,
        /** {@code (x - mean) * gain / sqrt(variance + epsilon) + bias}; Ba, Kiros and Hinton 2016. */
        LAYER
    }

    public NormRule {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException(
                    "configuration: norm epsilon is %s, must not be negative".formatted(epsilon));
        }
    }

    /** By the root of the mean square. */
    public static NormRule rootMeanSquare(double epsilon) {
        return new NormRule(Kind.ROOT_MEAN_SQUARE, (float) epsilon, 0);
    }

    /** By mean and variance, with a bias. */
    public static NormRule layer(double epsilon) {
        return new NormRule(Kind.LAYER, (float) epsilon, 0);
    }

    /** The same for gains that are stored less one. */
    public NormRule gainsLessOne() {
        return new NormRule(kind, epsilon, 1);
    }
}
