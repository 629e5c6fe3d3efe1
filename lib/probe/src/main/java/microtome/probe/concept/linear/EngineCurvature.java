package microtome.probe.concept.linear;

import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The matrix as one product in F32 on an engine. */
final class EngineCurvature implements Curvature {
    private final Tensor columns;

    EngineCurvature(Engine engine, CentredRows centred) {
        columns = engine.outsideScopes(() -> engine.tensor(centred.columns(), centred.width() + 1, centred.size()));
    }

    @Override
    public Inverse inverse(double[] curvatures, double strength) {
        var weights = new float[curvatures.length];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = (float) (strength * Math.max(curvatures[row], LEAST));
        }
        Engine engine = columns.engine();
        int side = Math.toIntExact(columns.extent(0));
        float[] all;
        try (var _ = engine.openScope()) {
            Tensor weighted = columns.times(engine.tensor(weights, 1, weights.length));
            all = weighted.matmulTransposed(columns).toFloats();
        }
        var matrix = new double[side][side];
        for (int i = 0; i < side; i++) {
            for (int j = i; j < side; j++) {
                matrix[i][j] = all[i * side + j];
            }
        }
        return Curvature.factored(matrix);
    }

    @Override
    public void close() {
        columns.close();
    }
}
