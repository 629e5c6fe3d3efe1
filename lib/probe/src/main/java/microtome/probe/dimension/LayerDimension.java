package microtome.probe.dimension;

/**
 * Everything that was measured of one layer.
 *
 * @param layer its name
 * @param spectrum the variances of all states
 * @param directions how much all states point the same way
 * @param centred the same of the sampled states with their mean taken away
 * @param neighbours what distances between sampled states tell
 */
public record LayerDimension(
        String layer, Spectrum spectrum, Directions directions, Directions centred, Neighbours neighbours) {
    static final String FLAT = "the states do not vary";

    static final String NO_DIRECTIONS = "fewer than two states have a direction";
}
