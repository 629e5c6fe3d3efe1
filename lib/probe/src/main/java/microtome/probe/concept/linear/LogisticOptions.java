package microtome.probe.concept.linear;

/**
 * What logistic regression minimises, and how exactly: {@code ½ |w|² + strength · Σ log loss}, the biases free, as
 * scikit-learn does.
 *
 * @param strength how much the samples count against the penalty; {@code C} of scikit-learn
 * @param standardise whether every feature is first brought to mean 0 and standard deviation 1, so that the penalty treats
 *     features of all scales alike; the weights are reported for raw features either way
 * @param tolerance the largest entry of the gradient at the end, divided by {@code strength · samples}; the same scale as
 *     {@code tol} of scikit-learn, whose default is 1e-4
 * @param mostIterations after so many steps it stops, and says that it has not converged
 */
public record LogisticOptions(double strength, boolean standardise, double tolerance, int mostIterations) {
    /** Strength 1, standardised, gradient below 1e-9, 200 steps. */
    public static final LogisticOptions DEFAULT = new LogisticOptions(1, true, 1e-9, 200);

    /** The same on features as they are. */
    public static final LogisticOptions RAW = DEFAULT.standardise(false);

    /** Checks that all are positive. */
    public LogisticOptions {
        if (!(strength > 0) || Double.isInfinite(strength) || !(tolerance > 0) || mostIterations < 1) {
            throw new IllegalArgumentException(
                    "logistic regression with strength %s, tolerance %s and %d iterations: need all above 0, strength finite"
                            .formatted(strength, tolerance, mostIterations));
        }
    }

    /** These options with another weight of the samples. */
    public LogisticOptions strength(double other) {
        return new LogisticOptions(other, standardise, tolerance, mostIterations);
    }

    /** These options with or without standardising. */
    public LogisticOptions standardise(boolean other) {
        return new LogisticOptions(strength, other, tolerance, mostIterations);
    }

    /** These options with another end. */
    public LogisticOptions until(double otherTolerance, int otherIterations) {
        return new LogisticOptions(strength, standardise, otherTolerance, otherIterations);
    }

    @Override
    public String toString() {
        return "½|w|² + %s · Σ log loss, features %s".formatted(strength, standardise ? "standardised" : "as they are");
    }
}
