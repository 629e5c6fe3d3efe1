package microtome.model.edit;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import microtome.model.Activations;
import microtome.model.Site;
import microtome.model.Values;

/**
 * Numbers that an edit puts in place. Their shape is that of the value there (see {@link Site.Kind}), or what is left of it
 * without leading axes: then every position, or every head, gets the same.
 *
 * @param everywhere the numbers for every site, or null when they differ from site to site
 * @param bySite the numbers of each site; empty when they are the same everywhere
 */
public record Given(Values everywhere, Map<Site, Values> bySite) {
    /** Checks that there are numbers, and in one way only. */
    public Given {
        bySite = Collections.unmodifiableMap(new TreeMap<>(bySite));
        if ((everywhere == null) == bySite.isEmpty()) {
            throw new IllegalArgumentException(
                    "given values: either the same everywhere or a map of sites that is not empty");
        }
    }

    /** The same numbers at every site. */
    public static Given of(Values everywhere) {
        return new Given(Objects.requireNonNull(everywhere, "values"), Map.of());
    }

    /** What another run had at all sites of this kind that were read. */
    public static Given of(Activations run, Site.Kind kind) {
        Map<Site, Values> found = run.values().entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the other run has no %s; read were %s; read it with activations(...)"
                    .formatted(SiteAxes.label(kind), run.values().keySet()));
        }
        return new Given(null, found);
    }

    /** The numbers for a site. */
    public Values at(Site site) {
        if (everywhere != null) {
            return everywhere;
        }
        Values found = bySite.get(site);
        if (found == null) {
            throw new IllegalArgumentException(
                    "no values are given for %s; given are %s".formatted(site, bySite.keySet()));
        }
        return found;
    }

    @Override
    public String toString() {
        return everywhere != null ? "values " + everywhere.shape() : "the values of another run at " + bySite.keySet();
    }
}
