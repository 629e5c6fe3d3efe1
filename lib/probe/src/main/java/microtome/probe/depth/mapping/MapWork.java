package microtome.probe.depth.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Fits and measures maps, some source layers at a time: as many as have their sums in {@link #BUDGET}. Each such group goes
 * through the texts twice, once to fit and once to measure.
 */
final class MapWork {
    /** Bytes that sums of products may take. */
    static final long BUDGET = 256L << 20;

    private final Engine engine;
    private final LayerRows layers;
    private final MapOptions options;
    private final LayerMaps.Values found;
    private final long[] rows = new long[Split.values().length];
    private final double[] meanSums;
    private final long[] meanCounts;
    private final Progress progress;

    private MapWork(Engine engine, LayerRows layers, MapOptions options, Progress progress) {
        this.engine = engine;
        this.layers = layers;
        this.options = options;
        this.progress = progress;
        this.found = LayerMaps.Values.nothing(
                layers.sources().size(), layers.targets().size());
        this.meanSums = new double[layers.targets().size()];
        this.meanCounts = new long[layers.targets().size()];
    }

    /**
     * What was found.
     *
     * @param stopped why not all is there; empty if all is
     * @param passes ways through the texts
     */
    record Outcome(LayerMaps.Values values, String stopped, int passes) {}

    static Outcome run(Engine engine, LayerRows layers, MapOptions options, long budget) {
        int sources = layers.sources().size();
        int group = Math.clamp(budget / CrossGrams.bytes(layers), 1, sources);
        String stopped = "";
        int from = 0;
        try (var progress = Progress.of("maps between layers (positions)")) {
            var work = new MapWork(engine, layers, options, progress);
            try {
                for (; from < sources; from += group) {
                    work.group(IntStream.range(from, Math.min(sources, from + group))
                            .boxed()
                            .toList());
                }
            } catch (InterruptedWorkException | WaitInterruptedException interrupted) {
                Thread.interrupted(); // heard: what is done is handed on
                stopped = "stopped at source layer %s: %s"
                        .formatted(layers.sources().get(from), interrupted.getMessage());
            }
            return new Outcome(work.counted(), stopped, 2 * Math.ceilDiv(sources, group));
        }
    }

    private LayerMaps.Values counted() {
        return new LayerMaps.Values(
                found.error(),
                found.lambda(),
                found.meanAlone(),
                rows[Split.FIT.ordinal()],
                rows[Split.CHOOSE.ordinal()],
                rows[Split.REPORT.ordinal()]);
    }

    private void group(List<Integer> chosen) {
        var grams = new CrossGrams(engine, chosen, layers);
        read(split -> split == Split.FIT, grams::add);
        rows[Split.FIT.ordinal()] = grams.rows();
        requireRows(Split.FIT);
        try (var _ = engine.openScope()) {
            var maps = new ArrayList<SourceMaps>();
            for (int i = 0; i < chosen.size(); i++) {
                maps.add(new SourceMaps(grams, i, layers, options.lambdas(), engine));
                grams.drop(i);
                Progress.stopIfInterrupted("maps between layers");
            }
            measure(chosen, maps, targetMeans(grams));
        }
        engine.trim();
    }

    private Tensor targetMeans(CrossGrams grams) {
        return Tensor.concat(
                1,
                IntStream.range(0, layers.targets().size())
                        .mapToObj(target ->
                                engine.tensor(RidgeBasis.floats(grams.targetMean(target)), 1, layers.targetWidth()))
                        .toList());
    }

    private void measure(List<Integer> chosen, List<SourceMaps> maps, Tensor targetMeans) {
        boolean isFirst = chosen.getFirst() == 0;
        var heldOut = new long[Split.values().length];
        read(split -> split != Split.FIT, batch -> {
            heldOut[batch.split().ordinal()] += batch.rows();
            try (var _ = engine.openScope()) {
                Tensor target = sideBySide(batch);
                float[] lengths = SourceMaps.lengths(target, layers.targets().size());
                if (isFirst && batch.split() == Split.REPORT) {
                    addMeanAlone(SourceMaps.lengths(target.minus(targetMeans), meanSums.length), lengths);
                }
                for (int i = 0; i < chosen.size(); i++) {
                    maps.get(i).add(batch.split(), batch.sources().get(chosen.get(i)), target, lengths);
                }
            }
        });
        rows[Split.CHOOSE.ordinal()] = heldOut[Split.CHOOSE.ordinal()];
        rows[Split.REPORT.ordinal()] = heldOut[Split.REPORT.ordinal()];
        requireRows(Split.CHOOSE);
        requireRows(Split.REPORT);
        report(chosen, maps);
    }

    private void report(List<Integer> chosen, List<SourceMaps> maps) {
        for (int target = 0; target < meanSums.length; target++) {
            for (int i = 0; i < chosen.size(); i++) {
                int best = maps.get(i).best(target);
                found.error()[chosen.get(i)][target] = maps.get(i).error(Split.REPORT, best, target);
                found.lambda()[chosen.get(i)][target] = options.lambdas().get(best);
            }
            found.meanAlone()[target] = meanCounts[target] == 0 ? Double.NaN : meanSums[target] / meanCounts[target];
        }
    }

    private void addMeanAlone(float[] errors, float[] lengths) {
        SourceMaps.add(meanSums, errors, lengths);
        for (int cell = 0; cell < lengths.length; cell++) {
            meanCounts[cell % meanCounts.length] += SourceMaps.hasLength(lengths[cell]) ? 1 : 0;
        }
    }

    private void read(Predicate<Split> wanted, Consumer<LayerRows.Batch> reader) {
        layers.read(wanted, batch -> {
            reader.accept(batch);
            progress.step(batch.rows());
        });
    }

    /** The rows of all targets, {@code [rows, targets * width]}. */
    private Tensor sideBySide(LayerRows.Batch batch) {
        return Tensor.concat(
                1,
                batch.targets().stream()
                        .map(layer -> engine.tensor(layer, batch.rows(), layers.targetWidth()))
                        .toList());
    }

    private void requireRows(Split split) {
        if (rows[split.ordinal()] == 0) {
            throw new IllegalArgumentException(
                    "maps between layers: no documents are left to %s; of ten documents eight are fitted to, one chooses lambda and one is reported: give at least ten, and enough tokens to reach the tenth (found positions: %s)"
                            .formatted(split.purpose(), Arrays.toString(rows)));
        }
    }
}
