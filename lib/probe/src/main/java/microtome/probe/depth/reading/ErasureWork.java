package microtome.probe.depth.reading;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.Depths;
import microtome.probe.data.Provenance;
import microtome.probe.data.ResidualStream;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Computes an erasure map. All cells of a layer are sequences of a few batches that start from the stream at that depth;
 * the first sequence of each is the stream as it is, so that both sides of a difference are computed alike.
 */
final class ErasureWork {
    /** Rows of one batch; more would not make products faster and takes memory. */
    private static final int ROWS = 2048;

    private final AnsweredPrompt prompt;
    private final LanguageModel model;
    private final StreamMeans means;
    private final float[][] streams;
    private final double[][] effect;
    private final Progress progress;

    private ErasureWork(AnsweredPrompt prompt, StreamMeans means, double[][] effect, Progress progress) {
        this.prompt = prompt;
        this.model = prompt.model();
        this.means = means;
        this.effect = effect;
        this.progress = progress;
        this.streams = new float[effect.length][];
    }

    static ResidualErasure run(AnsweredPrompt prompt, StreamMeans means) {
        int depths = prompt.blocks() + 1;
        int width = prompt.model().config().width();
        if (means.means().length != depths || means.means()[0].length != width) {
            throw new IllegalArgumentException(
                    "means of %d depths and width %d were given; this model has %d depths of width %d: take them of this model"
                            .formatted(means.means().length, means.means()[0].length, depths, width));
        }
        var effect = new double[depths][prompt.positions()];
        Arrays.stream(effect).forEach(row -> Arrays.fill(row, Double.NaN));
        String stopped;
        try (var progress = Progress.of("residual erasure", (long) depths * prompt.positions())) {
            stopped = new ErasureWork(prompt, means, effect, progress).rows();
        }
        var asked = new Asked(Provenance.of(prompt.model(), prompt.tokens()), prompt.labels(), prompt.first(), stopped);
        return new ResidualErasure(asked, means.source(), effect);
    }

    /** Fills row after row; says why it stopped, or nothing if it did not. */
    private String rows() {
        List<Site> sites =
                IntStream.range(0, effect.length).mapToObj(Site::residual).toList();
        int depth = 0;
        try {
            ResidualStream.read(model, prompt.tokens(), sites, (site, rows) -> streams[site.index()] = rows);
            for (; depth < effect.length; depth++) {
                row(depth);
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            return "stopped at depth %s: %s".formatted(Depths.label(depth), stopped.getMessage());
        }
        return "";
    }

    private void row(int depth) {
        int positions = prompt.positions();
        int batch = Math.max(1, ROWS / positions - 1);
        for (int from = 0; from < positions; from += batch) {
            int to = Math.min(positions, from + batch);
            double[] found = effects(depth, from, to);
            System.arraycopy(found, 0, effect[depth], from, found.length);
            progress.step(found.length);
        }
    }

    /** The largest change of an answer token's distribution, for the erasure of each of these positions. */
    private double[] effects(int depth, int from, int to) {
        Engine engine = model.engine();
        Site last = Site.residual(prompt.blocks());
        int copies = to - from;
        try (var scope = engine.openScope()) {
            long width = model.config().width();
            Tensor stream = engine.tensor(streams[depth], 1, prompt.positions(), width)
                    .broadcast(copies + 1L, prompt.positions(), width);
            Tensor mean = engine.tensor(means.at(depth), 1, 1, width);
            var harvest = new Harvest(scope, List.of(last));
            model.runFrom(depth, mask(engine, from, to).where(mean, stream), harvest);
            Tensor next = prompt.distributions(harvest.get(last));
            Tensor change = next.slice(0, 1, copies + 1L).minus(next.slice(0, 0, 1));
            return largest(change.times(change).sum(-1).toFloats(), copies);
        }
    }

    /** 1 in copy {@code i + 1} at position {@code from + i}, else 0; copy 0 stays as it is. */
    private Tensor mask(Engine engine, int from, int to) {
        int positions = prompt.positions();
        var ones = new float[(to - from + 1) * positions];
        for (int i = 0; i < to - from; i++) {
            ones[(i + 1) * positions + from + i] = 1;
        }
        return engine.tensor(ones, to - from + 1, positions, 1);
    }

    private static double[] largest(float[] squares, int copies) {
        var largest = new double[copies];
        int answers = squares.length / copies;
        for (int i = 0; i < squares.length; i++) {
            largest[i / answers] = Math.max(largest[i / answers], Math.sqrt(squares[i])); // NaN stays NaN
        }
        return largest;
    }
}
