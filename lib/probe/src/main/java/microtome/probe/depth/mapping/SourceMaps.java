package microtome.probe.depth.mapping;

import java.util.List;
import java.util.stream.IntStream;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The maps of one source layer to all target layers, for every lambda, and how far they are off on rows they never saw. */
final class SourceMaps {
    private static final double NO_LENGTH = 1e-12;

    private final Engine engine;
    private final int sourceWidth;
    private final int targetWidth;
    private final int targets;
    private final Tensor mean;
    private final Tensor axes;
    private final Tensor along;
    private final Tensor targetMean;
    private final List<Tensor> factors;
    private final double[][][] sums;
    private final long[][] counts;

    /** Fits the maps of a source layer; they live in the scope that is open. */
    SourceMaps(CrossGrams grams, int i, LayerRows layers, List<Double> lambdas, Engine engine) {
        this.engine = engine;
        this.sourceWidth = layers.sourceWidth();
        this.targetWidth = layers.targetWidth();
        this.targets = layers.targets().size();
        var basis = new RidgeBasis(grams.gram(i), sourceWidth);
        this.mean = engine.tensor(RidgeBasis.floats(grams.sourceMean(i)), 1, sourceWidth);
        this.axes = engine.tensor(basis.axes(), sourceWidth, sourceWidth);
        this.along = Tensor.concat(
                1,
                IntStream.range(0, targets)
                        .mapToObj(target -> engine.tensor(
                                RidgeBasis.floats(basis.along(grams.cross(i, target))), sourceWidth, targetWidth))
                        .toList());
        this.targetMean = Tensor.concat(
                1,
                IntStream.range(0, targets)
                        .mapToObj(target -> engine.tensor(RidgeBasis.floats(grams.targetMean(target)), 1, targetWidth))
                        .toList());
        this.factors = lambdas.stream()
                .map(lambda -> engine.tensor(RidgeBasis.floats(basis.factors(lambda)), 1, sourceWidth))
                .toList();
        this.sums = new double[Split.values().length][lambdas.size()][targets];
        this.counts = new long[Split.values().length][targets];
    }

    /**
     * Adds the errors of a batch.
     *
     * @param target the rows of all targets side by side
     * @param lengths of the rows of every target, {@code [rows, targets]}
     */
    void add(Split split, float[] source, Tensor target, float[] lengths) {
        int rows = lengths.length / targets;
        try (var _ = engine.openScope()) {
            Tensor seen = engine.tensor(source, rows, sourceWidth).minus(mean).matmul(axes);
            for (int lambda = 0; lambda < factors.size(); lambda++) {
                try (var _ = engine.openScope()) {
                    Tensor predicted =
                            seen.times(factors.get(lambda)).matmul(along).plus(targetMean);
                    add(sums[split.ordinal()][lambda], lengths(predicted.minus(target), targets), lengths);
                }
            }
            for (int cell = 0; cell < lengths.length; cell++) {
                counts[split.ordinal()][cell % targets] += hasLength(lengths[cell]) ? 1 : 0;
            }
        }
    }

    /** The mean error to a target with one lambda; NaN without rows. */
    double error(Split split, int lambda, int target) {
        long count = counts[split.ordinal()][target];
        return count == 0 ? Double.NaN : sums[split.ordinal()][lambda][target] / count;
    }

    /** The lambda that is off least on the documents that choose. */
    int best(int target) {
        return IntStream.range(0, factors.size())
                .boxed()
                .min((left, right) ->
                        Double.compare(error(Split.CHOOSE, left, target), error(Split.CHOOSE, right, target)))
                .orElseThrow();
    }

    /** The lengths of rows of targets that stand side by side, {@code [rows, targets]}. */
    static float[] lengths(Tensor sideBySide, int targets) {
        Tensor each = sideBySide.reshape(sideBySide.extent(0), targets, sideBySide.extent(1) / targets);
        return each.times(each).sum(-1).sqrt().toFloats();
    }

    static void add(double[] sums, float[] errors, float[] lengths) {
        for (int cell = 0; cell < errors.length; cell++) {
            if (hasLength(lengths[cell])) {
                sums[cell % sums.length] += (double) errors[cell] / lengths[cell];
            }
        }
    }

    /** Whether a row is long enough for an error to be a share of it. */
    static boolean hasLength(float length) {
        return length >= NO_LENGTH;
    }
}
