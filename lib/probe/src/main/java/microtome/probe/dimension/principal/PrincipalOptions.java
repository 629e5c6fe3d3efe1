package microtome.probe.dimension.principal;

import java.util.Objects;

/**
 * How components are found.
 *
 * @param components how many, the ones of largest variance first
 * @param layer whose states they are fitted to; empty for those of all layers together
 * @param unit whether every state is brought to length 1 first, so that late layers, which are longer, do not decide alone
 */
public record PrincipalOptions(int components, String layer, boolean unit) {
    /** Two components of all layers together, states as they are. */
    public static final PrincipalOptions DEFAULT = new PrincipalOptions(2, "", false);

    /** Checks the number. */
    public PrincipalOptions {
        Objects.requireNonNull(layer, "layer");
        if (components < 1) {
            throw new IllegalArgumentException("%d components: need at least 1".formatted(components));
        }
    }

    /** The same with another number of components. */
    public PrincipalOptions components(int count) {
        return new PrincipalOptions(count, layer, unit);
    }

    /** The same fitted to the states of one layer, such as {@code emb}. */
    public PrincipalOptions fittedTo(String name) {
        return new PrincipalOptions(components, name, unit);
    }

    /** The same with states of length 1. */
    public PrincipalOptions onUnitSphere() {
        return new PrincipalOptions(components, layer, true);
    }
}
