package microtome.probe.lens;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.RunPlan;
import microtome.probe.data.Depths;
import microtome.probe.data.ResidualStream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/**
 * Reads all depths of one position together, so that each can be compared with the last. The stream of the run is kept;
 * of the logits there is never more than one slab {@code [depths, vocabulary]}, which is not on the Java heap.
 */
final class ColumnReading {
    /** Takes what one depth and position says. */
    @FunctionalInterface
    interface Sink {
        /**
         * Called depth by depth, position by position.
         *
         * @param top the likeliest token, the lower id among equals
         * @param divergence {@code KL(final || lens)} in nats
         */
        void take(int depth, int column, int top, double divergence);
    }

    private final LanguageModel model;
    private final int depths;
    private final int width;
    private final int vocabulary;
    private final MemorySegment slab;
    private final float[] last;
    private final float[] current;
    private final double[] probabilities;

    private ColumnReading(LanguageModel model, Arena arena) {
        this.model = model;
        this.depths = LensReading.depths(model);
        this.width = model.config().width();
        this.vocabulary = model.config().vocabulary();
        this.slab = arena.allocate(rowBytes() * depths, Float.BYTES);
        this.last = new float[vocabulary];
        this.current = new float[vocabulary];
        this.probabilities = new double[vocabulary];
    }

    static void read(RunPlan run, LensPositions positions, Sink sink) {
        LanguageModel model = run.model();
        int first = positions.first(run.tokens().size());
        int columns = run.tokens().size() - first;
        List<Site> sites = IntStream.range(0, LensReading.depths(model))
                .mapToObj(Site::residual)
                .toList();
        try (var arena = Arena.ofConfined();
                var progress = Progress.of("prediction depth", columns)) {
            var reading = new ColumnReading(model, arena);
            var streams = new float[columns][sites.size() * reading.width];
            ResidualStream.read(run, sites, (site, rows) -> reading.keep(streams, site.index(), rows, first));
            for (int column = 0; column < columns; column++) {
                reading.column(column, streams[column], sink);
                progress.step();
            }
        }
    }

    private void keep(float[][] streams, int depth, float[] rows, int first) {
        for (int column = 0; column < streams.length; column++) {
            System.arraycopy(rows, (first + column) * width, streams[column], depth * width, width);
        }
    }

    private void column(int column, float[] stream, Sink sink) {
        float[] logSumExps = unembed(stream);
        for (int depth = 0; depth < depths; depth++) {
            checkFinite(depth, column, logSumExps[depth]);
        }
        double lastSum = logSumExps[depths - 1];
        row(depths - 1, last);
        for (int id = 0; id < vocabulary; id++) {
            probabilities[id] = Math.exp(last[id] - lastSum);
        }
        for (int depth = 0; depth < depths; depth++) {
            row(depth, current);
            int top = new LogitRow(current).top(1).ids()[0];
            sink.take(depth, column, top, depth == depths - 1 ? 0 : divergence(logSumExps[depth] - lastSum));
        }
    }

    /** {@code sum p (ln p - ln q)}, whose logarithms are logits minus the log of their sum. */
    private double divergence(double sums) {
        double divergence = 0;
        for (int id = 0; id < vocabulary; id++) {
            divergence += probabilities[id] * ((double) last[id] - current[id] + sums);
        }
        return Math.max(0, divergence);
    }

    private void row(int depth, float[] target) {
        MemorySegment.copy(slab, ValueLayout.JAVA_FLOAT, rowBytes() * depth, target, 0, vocabulary);
    }

    private void checkFinite(int depth, int column, float logSumExp) {
        if (!Float.isFinite(logSumExp)) {
            throw new ArithmeticException(
                    "prediction depth: log(sum(exp(logits))) at depth %s is %s, column %d; run the model in F32, and check its weight file if it already does"
                            .formatted(Depths.label(depth), logSumExp, column));
        }
    }

    private long rowBytes() {
        return (long) vocabulary * Float.BYTES;
    }

    private float[] unembed(float[] stream) {
        Engine engine = model.engine();
        try (var _ = engine.openScope()) {
            Tensor rows = engine.tensor(MemorySegment.ofArray(stream), TensorType.of(DType.F32, depths, width));
            Tensor logits = model.unembed(rows);
            Tensor sums = logits.logSumExp(-1);
            logits.download(slab);
            return sums.toFloats();
        }
    }
}
