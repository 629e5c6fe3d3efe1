package microtome.probe.concept.linear;

import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The matrix as one product in F32 on an engine. */
final class EngineCurvature implements Curvature {
    private final Tensor rows;
    private final Tensor columns;

    EngineCurvature(Engine engine, CentredRows centred) {
        rows = engine.outsideScopes(() -> engine.tensor(centred.withOnes(), centred.size(), centred.width() + 1));
        columns = engine.outsideScopes(() -> rows.permute(1, 0));
    }

    @Override
    public Inverse inverse(double[] curvatures, double strength) {
        var weights = new float[curvatures.length];
        for (int row = 0; row < weights.length; row++) {
            weights[row] = (float) (strength * Math.max(curvatures[row], LEAST));
        }
        Engine engine = rows.engine();
        int side = Math.toIntExact(rows.extent(1));
        float[] all;
        try (var _ = engine.openScope()) {
            Tensor weighted = rows.times(engine.tensor(weights, weights.length, 1));
            all = columns.matmul(weighted).toFloats();
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
        rows.close();
    }
}
