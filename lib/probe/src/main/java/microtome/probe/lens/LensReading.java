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
import microtome.model.token.TokenSequence;
import microtome.probe.data.Depths;
import microtome.probe.data.ResidualStream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/**
 * Reads rows of the residual stream through the final norm and the unembedding. Rows of neighbouring depths share one
 * matrix product, and of the logits there is never more than one slab {@code [ROWS, vocabulary]}. The slab is not on the
 * Java heap: arrays of that size, made anew for every cell that is run again, would make the heap grow.
 */
final class LensReading {
    /** Enough rows to make the product worth its pass over the unembedding; 12 MB of logits at 49,152 tokens. */
    private static final int ROWS = 64;

    /** Takes the logits of one depth and position; the row is overwritten after the call. */
    @FunctionalInterface
    interface Sink {
        void take(int depth, int column, LogitRow logits, double logSumExp);
    }

    private final LanguageModel model;
    private final Sink sink;
    private final int width;
    private final int vocabulary;
    private final int columns;
    private final float[] pending;
    private final float[] current;
    private final MemorySegment slab;
    private int waiting;
    private int done;

    private LensReading(LanguageModel model, int columns, Arena arena, Sink sink) {
        this.model = model;
        this.sink = sink;
        this.columns = columns;
        this.width = model.config().width();
        this.vocabulary = model.config().vocabulary();
        int rows = Math.min(ROWS, columns * depths(model));
        this.pending = new float[rows * width];
        this.current = new float[vocabulary];
        this.slab = arena.allocate(rowBytes() * rows, Float.BYTES);
    }

    /** Depths of the stream: the embedding output and one after each block. */
    static int depths(LanguageModel model) {
        return model.config().blocks() + 1;
    }

    /** Runs the tokens once and gives every row of the wanted positions to the sink, depth by depth. */
    static void read(RunPlan run, LensPositions positions, Sink sink) {
        LanguageModel model = run.model();
        TokenSequence tokens = run.tokens();
        int first = positions.first(tokens.size());
        int columns = tokens.size() - first;
        List<Site> sites =
                IntStream.range(0, depths(model)).mapToObj(Site::residual).toList();
        try (var arena = Arena.ofConfined();
                var progress = Progress.of("logit lens", (long) columns * depths(model))) {
            var reading = new LensReading(model, columns, arena, sink);
            ResidualStream.read(run, sites, (site, rows) -> reading.add(rows, first, progress));
            reading.flush(progress);
        }
    }

    private void add(float[] rows, int firstPosition, Progress progress) {
        for (int row = firstPosition; row < rows.length / width; row++) {
            System.arraycopy(rows, row * width, pending, waiting * width, width);
            waiting++;
            if (waiting * width == pending.length) {
                flush(progress);
            }
        }
    }

    private void flush(Progress progress) {
        if (waiting == 0) {
            return;
        }
        float[] logSumExps = unembed();
        for (int i = 0; i < waiting; i++) {
            int index = done + i;
            checkFinite(index, logSumExps[i]);
            MemorySegment.copy(slab, ValueLayout.JAVA_FLOAT, rowBytes() * i, current, 0, vocabulary);
            sink.take(index / columns, index % columns, new LogitRow(current), logSumExps[i]);
        }
        done += waiting;
        progress.step(waiting);
        waiting = 0;
    }

    private void checkFinite(int index, float logSumExp) {
        if (!Float.isFinite(logSumExp)) {
            throw new ArithmeticException(
                    "logit lens: log(sum(exp(logits))) at depth %s is %s, column %d; run the model in F32, and check its weight file if it already does"
                            .formatted(Depths.label(index / columns), logSumExp, index % columns));
        }
    }

    private long rowBytes() {
        return (long) vocabulary * Float.BYTES;
    }

    /** Fills the slab and returns log(sum(exp)) of each of its rows. */
    private float[] unembed() {
        Engine engine = model.engine();
        try (var _ = engine.openScope()) {
            var rows = MemorySegment.ofArray(pending).asSlice(0, (long) waiting * width * Float.BYTES);
            Tensor stream = engine.tensor(rows, TensorType.of(DType.F32, waiting, width));
            Tensor logits = model.unembed(stream);
            Tensor sums = logits.logSumExp(-1);
            logits.download(slab.asSlice(0, rowBytes() * waiting));
            return sums.toFloats();
        }
    }
}
