package microtome.model.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import microtome.model.Harvest;
import microtome.model.Site;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** One fold per site, all fed by the same passes. */
final class Folding<R> implements AutoCloseable {
    private final Engine engine;
    private final Map<Site, Fold<R>> folds = new LinkedHashMap<>();
    private boolean begun;

    Folding(Engine engine, List<Site> sites, Supplier<? extends Fold<R>> making) {
        this.engine = engine;
        sites.forEach(site -> folds.put(site, making.get()));
    }

    void take(Batch batch, Harvest values) {
        RowPlaces places = batch.places();
        folds.forEach((site, fold) -> {
            try (var _ = engine.openScope()) {
                Tensor rows = batch.rows(values.get(site));
                if (!begun) {
                    fold.begin(engine, Math.toIntExact(rows.extent(1)));
                }
                fold.accept(rows, places);
            }
        });
        begun = true;
        engine.synchronize();
    }

    /** What was found, by site; nothing before the first batch. */
    Map<Site, R> results() {
        var results = new LinkedHashMap<Site, R>();
        if (begun) {
            folds.forEach((site, fold) -> results.put(site, fold.result()));
        }
        return Collections.unmodifiableMap(results);
    }

    @Override
    public void close() {
        new ArrayList<>(folds.values()).forEach(Fold::close);
    }
}
