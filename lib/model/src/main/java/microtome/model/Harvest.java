package microtome.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/** A tap that keeps the values of some sites on the engine, in a scope of the caller. */
public final class Harvest implements Tap {
    private final Scope scope;
    private final Set<Site> sites;
    private final Map<Site, Tensor> kept = new LinkedHashMap<>();

    /** Keeps the values of these sites until the scope closes. */
    public Harvest(Scope scope, Collection<Site> sites) {
        this.scope = scope;
        this.sites = Set.copyOf(sites);
    }

    @Override
    public boolean wants(Site site) {
        return sites.contains(site);
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        scope.adopt(value);
        kept.put(site, value);
        return value;
    }

    /** The value of a site, {@code [sequences, ...]}. */
    public Tensor get(Site site) {
        Tensor value = kept.get(site);
        if (value == null) {
            throw new IllegalArgumentException(
                    "site %s was not harvested; harvested are %s".formatted(site, kept.keySet()));
        }
        return value;
    }
}
