package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.probe.data.Origin;

/** A measure that is computed pair by pair. A stop keeps the pairs that are done. */
final class PairedMatrix {
    /** What a layer needs for all its pairs: one of the two, or neither when it does not vary. */
    private record Prepared(Centred centred, Subspace subspace, Procrustes.Scaled scaled) {}

    private final Similarity plan;
    private final SimilarityMeasure measure;
    private final Map<Representation, Prepared> prepared = new HashMap<>();
    private final double[][] matrix;
    private final List<SimilarityMatrix.Gap> gaps = new ArrayList<>();
    private boolean isUncertain;

    PairedMatrix(Similarity plan, SimilarityMeasure measure) {
        this.plan = plan;
        this.measure = measure;
        this.matrix = new double[plan.rows().size()][plan.columns().size()];
        for (double[] row : matrix) {
            Arrays.fill(row, Double.NaN);
        }
    }

    SimilarityMatrix result() {
        var done = new boolean[matrix.length][matrix[0].length];
        try (var progress = Progress.of(measure.label(), (long) matrix.length * matrix[0].length)) {
            for (int row = 0; row < matrix.length; row++) {
                for (int column = 0; column < matrix[row].length; column++) {
                    boolean mirrored = plan.isOfOne() && isSymmetric() && column < row;
                    matrix[row][column] = mirrored ? matrix[column][row] : value(row, column);
                    if (mirrored && Double.isNaN(matrix[row][column])) {
                        missing(row, column, reasonAt(column, row));
                    }
                    done[row][column] = true;
                    progress.step();
                }
            }
        } catch (InterruptedWorkException stopped) {
            leaveOut(done);
        }
        return new SimilarityMatrix(
                measure, side(plan.rows(), 0), side(plan.columns(), 1), plan.isOfOne(), matrix, gaps, origin());
    }

    private boolean isSymmetric() {
        return !(measure instanceof SimilarityMeasure.WeightedCanonical);
    }

    private double value(int row, int column) {
        Prepared first = prepared(plan.rows().get(row));
        Prepared second = prepared(plan.columns().get(column));
        for (Prepared each : List.of(first, second)) {
            if (each.centred().isConstant()) {
                missing(row, column, Reasons.constant(each.centred().name()));
                return Double.NaN;
            }
        }
        return switch (measure) {
            case SimilarityMeasure.CanonicalMean _, SimilarityMeasure.WeightedCanonical _ ->
                canonical(row, column, first.subspace(), second.subspace());
            case SimilarityMeasure.OrthogonalProcrustes _ -> Procrustes.similarity(first.scaled(), second.scaled());
            case SimilarityMeasure.Alignment _, SimilarityMeasure.BatchedAlignment _ ->
                throw new IllegalStateException(measure.label() + " is computed of all pairs together");
        };
    }

    private double canonical(int row, int column, Subspace first, Subspace second) {
        String refused = CanonicalCorrelations.refusal(first, second);
        if (!refused.isEmpty()) {
            missing(row, column, refused);
            return Double.NaN;
        }
        var found = CanonicalCorrelations.of(first, second);
        isUncertain |= found.isUncertain();
        return measure instanceof SimilarityMeasure.WeightedCanonical ? found.weightedByFirst() : found.mean();
    }

    private Prepared prepared(Representation layer) {
        return prepared.computeIfAbsent(layer, this::prepare);
    }

    private Prepared prepare(Representation layer) {
        var centred = new Centred(layer);
        if (centred.isConstant()) {
            return new Prepared(centred, null, null);
        }
        return switch (measure) {
            case SimilarityMeasure.CanonicalMean(double variance) ->
                new Prepared(centred, Subspace.of(centred, variance), null);
            case SimilarityMeasure.WeightedCanonical _ -> new Prepared(centred, Subspace.of(centred, 1), null);
            case SimilarityMeasure.OrthogonalProcrustes _ -> new Prepared(centred, null, Procrustes.Scaled.of(centred));
            case SimilarityMeasure.Alignment _, SimilarityMeasure.BatchedAlignment _ ->
                new Prepared(centred, null, null);
        };
    }

    private void missing(int row, int column, String reason) {
        gaps.add(new SimilarityMatrix.Gap(row, column, reason));
    }

    private String reasonAt(int row, int column) {
        return gaps.stream()
                .filter(gap -> gap.row() == row && gap.column() == column)
                .findFirst()
                .orElseThrow()
                .reason();
    }

    private void leaveOut(boolean[][] done) {
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix[row].length; column++) {
                if (!done[row][column]) {
                    matrix[row][column] = Double.NaN;
                    missing(row, column, Reasons.STOPPED);
                }
            }
        }
    }

    private SimilarityMatrix.Side side(List<Representation> layers, int which) {
        List<Integer> components = new ArrayList<>();
        for (Representation layer : layers) {
            Prepared known = prepared.get(layer);
            if (known != null && known.subspace() != null) {
                components.add(known.subspace().kept());
            }
        }
        return new SimilarityMatrix.Side(plan.titles().get(which), Similarity.names(layers), components);
    }

    private Origin origin() {
        Origin origin = plan.compared();
        int widest = Math.max(widest(plan.rows()), widest(plan.columns()));
        if (measure instanceof SimilarityMeasure.OrthogonalProcrustes && plan.rowCount() <= widest) {
            return origin.remark(
                    "%d rows of width %d: with fewer rows than columns even unrelated layers can be turned close to each other"
                            .formatted(plan.rowCount(), widest));
        }
        return isUncertain
                ? origin.remark(
                        "fewer than %d rows for each component of some layer: correlations are higher than they would be on more rows"
                                .formatted(CanonicalCorrelations.GOOD_ROWS_PER_COMPONENT))
                : origin;
    }

    private static int widest(List<Representation> layers) {
        return layers.stream().mapToInt(Representation::width).max().orElseThrow();
    }
}
