package microtome.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.model.token.TokenSequence;

/**
 * Internal values of one run, copied out of the engine.
 *
 * @param tokens what was run
 * @param values by site, in the order of computation; shapes as {@link Site.Kind} says, without an axis of sequences
 */
public record Activations(TokenSequence tokens, Map<Site, Values> values) {
    public Activations {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The values of one site. */
    public Values at(Site site) {
        Values found = values.get(site);
        if (found == null) {
            throw new IllegalArgumentException("site %s was not read; read were %s".formatted(site, values.keySet()));
        }
        return found;
    }
}
