package microtome.probe.update;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** Fits one map of each class to the fit tokens of one block. */
final class UpdateFit {
    /** Fit tokens without which nothing is fitted. */
    static final int LEAST = 3;

    private static final String CONSTANT = "the state before the block is the same at every fit token";
    private static final double RESOLUTION = Math.scalb(1.0, -24);

    /**
     * A class with its map.
     *
     * @param map null where there is none
     * @param reason why there is none, or empty
     */
    record Fitted(UpdateClass kind, UpdateMap map, String reason) {}

    private final PairSums sums;
    private final float[] before;
    private final float[] after;

    /**
     * @param before {@code [tokens, width]} kept fit tokens before the block; none where no class needs them
     * @param after the same behind it
     */
    UpdateFit(PairSums sums, float[] before, float[] after) {
        this.sums = sums;
        this.before = before;
        this.after = after;
    }

    Fitted fit(UpdateClass kind) {
        String reason = reason(kind);
        return new Fitted(kind, reason.isEmpty() ? map(kind) : null, reason);
    }

    private String reason(UpdateClass kind) {
        if (kind instanceof UpdateClass.Identity) {
            return "";
        }
        if (sums.count() < LEAST) {
            return "the block moves only %d of the fit tokens; a fit needs at least %d".formatted(sums.count(), LEAST);
        }
        return switch (kind) {
            case UpdateClass.Identity _, UpdateClass.Scalar _, UpdateClass.Diagonal _, UpdateClass.LocalLinear _ -> "";
            case UpdateClass.LowRank _ -> isConstant() ? CONSTANT : "";
            case UpdateClass.Orthogonal _ -> {
                String few =
                        "an orthogonal map of %d dimensions is not determined by %,d fit tokens; it needs more than %d"
                                .formatted(sums.width(), sums.count(), sums.width());
                yield sums.count() <= sums.width() ? few : isConstant() ? CONSTANT : "";
            }
        };
    }

    private boolean isConstant() {
        double[] scatter = sums.stateScatter();
        double[] mean = sums.stateMean();
        for (int i = 0; i < scatter.length; i++) {
            if (!isConstant(scatter[i], mean[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a dimension varies by less than an F32 can tell from its mean. */
    private boolean isConstant(double scatter, double mean) {
        double resolved = RESOLUTION * mean;
        return scatter <= sums.count() * resolved * resolved;
    }

    private UpdateMap map(UpdateClass kind) {
        return switch (kind) {
            case UpdateClass.Identity _ ->
                new UpdateMap.Elementwise(new double[sums.width()], new double[sums.width()]);
            case UpdateClass.Scalar _ -> elementwise(scalar());
            case UpdateClass.Diagonal _ -> elementwise(diagonal());
            case UpdateClass.LowRank(int rank) -> lowRank(rank);
            case UpdateClass.Orthogonal _ -> orthogonal();
            case UpdateClass.LocalLinear(int neighbours) ->
                new NeighbourMap(before, after, sums.width(), Math.min(neighbours, before.length / sums.width()));
        };
    }

    private double[] scalar() {
        double[] cross = sums.crossScatter();
        double[] scatter = sums.stateScatter();
        double above = 0;
        double below = 0;
        for (int i = 0; i < cross.length; i++) {
            above += cross[i];
            below += scatter[i];
        }
        var factor = new double[cross.length];
        Arrays.fill(factor, isConstant() ? 0 : above / below);
        return factor;
    }

    private double[] diagonal() {
        double[] factor = sums.crossScatter();
        double[] scatter = sums.stateScatter();
        double[] mean = sums.stateMean();
        for (int i = 0; i < factor.length; i++) {
            factor[i] = isConstant(scatter[i], mean[i]) ? 0 : factor[i] / scatter[i];
        }
        return factor;
    }

    private UpdateMap elementwise(double[] factor) {
        double[] offset = sums.updateMean();
        double[] mean = sums.stateMean();
        for (int i = 0; i < offset.length; i++) {
            offset[i] -= factor[i] * mean[i];
        }
        return new UpdateMap.Elementwise(factor, offset);
    }

    private UpdateMap lowRank(int rank) {
        double[] states = sums.statesByStates();
        DMatrixRMaj coefficients = Ridge.coefficients(states, sums.statesByUpdates(), sums.width());
        double[][] up = Ridge.leading(states, coefficients, rank);
        var down = new DMatrixRMaj(sums.width(), up.length);
        CommonOps_DDRM.multTransB(coefficients, new DMatrixRMaj(up), down);
        var rows = new double[sums.width()][up.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(down.getData(), i * up.length, rows[i], 0, up.length);
        }
        return new UpdateMap.Projected(sums.stateMean(), sums.updateMean(), rows, up);
    }

    private UpdateMap orthogonal() {
        int width = sums.width();
        var cross = new DMatrixRMaj(width, width, true, sums.statesByUpdates());
        CommonOps_DDRM.addEquals(cross, new DMatrixRMaj(width, width, true, sums.statesByStates()));
        var singular = DecompositionFactory_DDRM.svd(width, width, true, true, false);
        if (!singular.decompose(cross)) {
            throw new ArithmeticException("orthogonal map: the singular values of Xc'Yc were not found");
        }
        var rotation = new DMatrixRMaj(width, width);
        CommonOps_DDRM.mult(singular.getU(null, false), singular.getV(null, true), rotation);
        double[] outputMean = sums.stateMean();
        UpdateMap.add(1, sums.updateMean(), outputMean);
        return new UpdateMap.Rotated(sums.stateMean(), outputMean, floats(rotation.getData()));
    }

    private static float[] floats(double[] values) {
        var result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }
}
