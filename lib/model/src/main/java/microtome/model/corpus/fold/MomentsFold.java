package microtome.model.corpus.fold;

import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** Sums in double precision per batch, around the mean of the batch, and joins them with what was before. */
final class MomentsFold implements Fold<ColumnMoments> {
    private ColumnMoments moments;

    @Override
    public void begin(Engine engine, int features) {
        moments = ColumnMoments.none(features);
    }

    @Override
    public void accept(Tensor rows, RowPlaces places) {
        moments = moments.and(of(rows.toFloats(), moments.features()));
    }

    private static ColumnMoments of(float[] values, int features) {
        int rows = values.length / features;
        var mean = new double[features];
        for (int row = 0; row < rows; row++) {
            int from = row * features;
            for (int i = 0; i < features; i++) {
                mean[i] += values[from + i];
            }
        }
        for (int i = 0; i < features; i++) {
            mean[i] /= rows;
        }
        var squares = new double[features];
        for (int row = 0; row < rows; row++) {
            int from = row * features;
            for (int i = 0; i < features; i++) {
                double way = values[from + i] - mean[i];
                squares[i] += way * way;
            }
        }
        return new ColumnMoments(rows, mean, squares);
    }

    @Override
    public ColumnMoments result() {
        return moments;
    }
}
