package microtome.model.edit;

import java.util.Map;
import java.util.function.Predicate;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.tensor.Tensor;

/** Copies values out of the engine, with the axis of sequences. */
record Recorder(Predicate<Site> wanted, Map<Site, Values> seen) implements Tap {
    @Override
    public boolean wants(Site site) {
        return wanted.test(site);
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        seen.put(site, Values.of(value));
        return value;
    }
}
