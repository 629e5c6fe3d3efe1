package microtome.model.corpus.fold;

import microtome.tensor.Engine;
import microtome.tensor.Moments;
import microtome.tensor.Tensor;

/** The engine's own running moments. */
final class CovarianceFold implements Fold<Covariance> {
    private Moments moments;

    @Override
    public void begin(Engine engine, int features) {
        moments = engine.outsideScopes(() -> Moments.none(engine, features));
    }

    @Override
    public void accept(Tensor rows, RowPlaces places) {
        try (var before = moments) {
            moments = rows.engine().outsideScopes(() -> before.with(rows));
        }
    }

    @Override
    public Covariance result() {
        Moments.Summary summary = moments.summary();
        return new Covariance(summary.count(), summary.mean(), summary.scatter());
    }

    @Override
    public void close() {
        if (moments != null) {
            moments.close();
        }
    }
}
