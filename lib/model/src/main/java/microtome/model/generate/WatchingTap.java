package microtome.model.generate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.tensor.Tensor;

/** Copies the values of some sites out of a pass; a pass that does not come to its end leaves nothing. */
final class WatchingTap implements Tap {
    private final List<Site> sites;
    private final Map<Site, Values> seen = new LinkedHashMap<>();

    WatchingTap(List<Site> sites) {
        this.sites = sites;
    }

    @Override
    public boolean wants(Site site) {
        return sites.contains(site);
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        seen.put(site, Values.of(value));
        return value;
    }

    /** Gives each sequence its values of the pass that has ended, in the order of the pass; all the same where they share a row. */
    void give(List<Growing> sequences, boolean shared) {
        for (int index = 0; index < sequences.size(); index++) {
            Watched watched = sequences.get(index).watched();
            int row = shared ? 0 : index;
            seen.forEach((site, values) -> watched.add(site, values, row));
        }
    }
}
