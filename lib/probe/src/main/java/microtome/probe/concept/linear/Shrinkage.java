package microtome.probe.concept.linear;

/** How far the covariance within classes is drawn towards a multiple of the identity before it is inverted. */
public sealed interface Shrinkage {
    /** Not at all; needs more samples than features. */
    Shrinkage NONE = new Fixed(0);

    /** As far as the samples themselves advise. */
    Shrinkage LEDOIT_WOLF = new LedoitWolf();

    /** {@code S + share · mean variance · I}. */
    static Shrinkage fixed(double share) {
        return new Fixed(share);
    }

    /**
     * See {@link #fixed}.
     *
     * @param share at least 0; 0.001 to 0.1 are usual
     */
    record Fixed(double share) implements Shrinkage {
        /** Checks that it is not negative. */
        public Fixed {
            if (!(share >= 0) || Double.isInfinite(share)) {
                throw new IllegalArgumentException("shrinkage %s: need 0 or more".formatted(share));
            }
        }
    }

    /**
     * {@code (1 - share) S + share · mean variance · I} with the share of Ledoit and Wolf.
     *
     * @see <a href="https://doi.org/10.1016/S0047-259X(03)00096-4">Ledoit and Wolf 2004</a>
     */
    record LedoitWolf() implements Shrinkage {}
}
