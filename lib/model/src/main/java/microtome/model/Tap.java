package microtome.model;

import java.util.List;
import microtome.tensor.Tensor;

/**
 * Looks at internal values while a pass runs, and may put another value in their place. Where nobody listens, a pass
 * takes the fused lane. Values belong to the pass: a tap that wants one afterwards keeps it with the scope that is open
 * around the pass.
 */
public interface Tap {
    /** Whether this tap listens at a site; asked once per site and pass. */
    boolean wants(Site site);

    /**
     * The value to go on with: the one given, or another of the same shape and type.
     *
     * @param value the value, with a leading axis of sequences
     */
    Tensor at(Site site, Tensor value);

    /** Listens nowhere. */
    Tap NONE = all(List.of());

    /** Several taps, one after another. */
    static Tap all(List<Tap> taps) {
        var parts = List.copyOf(taps);
        return new Tap() {
            @Override
            public boolean wants(Site site) {
                for (Tap tap : parts) { // asked for every site of a model, at every token
                    if (tap.wants(site)) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                Tensor current = value;
                for (Tap tap : parts) {
                    current = tap.wants(site) ? tap.at(site, current) : current;
                }
                return current;
            }
        };
    }
}
