package microtome.probe.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Computes a grid. The cells of a row are sequences of one batch, which starts from the corrupt run's stream before that block,
 * as nothing before it differs. A cell whose clean and corrupt values have the same bits is the corrupt run and is not run.
 */
final class GridWork {
    /** Rows of one batch; more would not make products faster and takes memory. */
    private static final int ROWS = 2048;

    private final LanguageModel model;
    private final AnswerMetric metric;
    private final PatchedPart part;
    private final Harvest clean;
    private final Harvest corrupt;
    private final double corruptMetric;
    private final double[][] found;
    private final Progress progress;

    private GridWork(Runs runs, AnswerMetric metric, PatchedPart part, double[][] found, Progress progress) {
        this.model = runs.model;
        this.metric = metric;
        this.part = part;
        this.clean = runs.clean;
        this.corrupt = runs.corrupt;
        this.corruptMetric = runs.metric(metric, runs.corrupt);
        this.found = found;
        this.progress = progress;
    }

    static PatchingGrid run(PromptPair prompts, AnswerMetric metric, PatchedPart part) {
        LanguageModel model = prompts.model();
        int blocks = model.config().blocks();
        int positions = prompts.clean().size();
        var found = new double[blocks][part.columns(model.config(), positions)];
        Arrays.stream(found).forEach(row -> Arrays.fill(row, Double.NaN));
        String stopped = null;
        double cleanMetric;
        double corruptMetric;
        try (var scope = model.engine().openScope();
                var progress = Progress.of(
                        "patching the %s (blocks of copies)".formatted(part.label()),
                        (long) found[0].length * blocks * (blocks + 1) / 2)) {
            var runs = Runs.of(prompts, part, scope);
            cleanMetric = runs.metric(metric, runs.clean);
            var work = new GridWork(runs, metric, part, found, progress);
            corruptMetric = work.corruptMetric;
            stopped = work.rows();
        }
        return new PatchingGrid(GridSource.of(prompts, metric, part), found, cleanMetric, corruptMetric, stopped);
    }

    /** Fills row after row; says why it stopped, or null if it did not. */
    private String rows() {
        for (int block = 0; block < found.length; block++) {
            try {
                row(block);
            } catch (InterruptedWorkException | WaitInterruptedException stopped) {
                Thread.interrupted(); // heard: what is done is handed on
                return "stopped in row %d of %d: %s".formatted(block, found.length, stopped.getMessage());
            }
        }
        return null;
    }

    private void row(int block) {
        boolean[] same = same(block);
        List<Integer> open = new ArrayList<>();
        for (int column = 0; column < same.length; column++) {
            if (same[column]) {
                found[block][column] = corruptMetric;
            } else {
                open.add(column);
            }
        }
        long blocks = found.length - block;
        progress.step(blocks * (same.length - open.size()));
        int batch = Math.max(1, ROWS / Math.toIntExact(stream(block).extent(1)));
        for (int from = 0; from < open.size(); from += batch) {
            List<Integer> columns = open.subList(from, Math.min(open.size(), from + batch));
            double[] metrics = metrics(block, columns);
            for (int i = 0; i < metrics.length; i++) {
                found[block][columns.get(i)] = metrics[i];
            }
            progress.step(blocks * columns.size());
        }
    }

    /** For every cell of a row whether the clean and the corrupt value have the same bits. */
    private boolean[] same(int block) {
        Tensor left = clean.get(part.site(block));
        Tensor right = corrupt.get(part.site(block));
        float[] ours = left.toFloats();
        float[] theirs = right.toFloats();
        int cells = Math.toIntExact(left.extent(part.axis()));
        int width = Math.toIntExact(left.extent(-1));
        var same = new boolean[cells];
        Arrays.fill(same, true);
        for (int i = 0; i < ours.length; i++) {
            if (Float.floatToRawIntBits(ours[i]) != Float.floatToRawIntBits(theirs[i])) {
                same[i / width % cells] = false; // the cells' axis is the last but one
            }
        }
        return same;
    }

    /** The metric of copies of the corrupt run, each with the clean value of one cell. */
    private double[] metrics(int block, List<Integer> columns) {
        Engine engine = model.engine();
        Site last = Site.residual(found.length);
        try (var scope = engine.openScope()) {
            Tensor stream = stream(block);
            Tensor copies = stream.broadcast(columns.size(), stream.extent(1), stream.extent(2));
            Tensor mask = mask(engine, columns);
            var harvest = new Harvest(scope, List.of(last));
            if (part == PatchedPart.RESIDUAL) {
                model.runFrom(block, mask.where(clean.get(part.site(block)), copies), harvest);
            } else {
                model.runFrom(block, copies, Tap.all(List.of(patch(block, mask), harvest)));
            }
            return metric.of(model.unembed(NextLogits.lastOf(harvest.get(last))));
        }
    }

    private Tensor stream(int block) {
        return corrupt.get(Site.residual(block));
    }

    /** 1 in copy {@code i} at the cell {@code columns[i]}, else 0. */
    private Tensor mask(Engine engine, List<Integer> columns) {
        int cells = found[0].length;
        var ones = new float[columns.size() * cells];
        for (int copy = 0; copy < columns.size(); copy++) {
            ones[copy * cells + columns.get(copy)] = 1;
        }
        return part == PatchedPart.HEAD
                ? engine.tensor(ones, columns.size(), 1, cells, 1)
                : engine.tensor(ones, columns.size(), cells, 1);
    }

    private Tap patch(int block, Tensor mask) {
        Site site = part.site(block);
        return new Tap() {
            @Override
            public boolean wants(Site asked) {
                return asked.equals(site);
            }

            @Override
            public Tensor at(Site asked, Tensor value) {
                return mask.where(clean.get(site), value);
            }
        };
    }

    /** Both prompts, run once: the values to put in, and the stream to start from. */
    private record Runs(LanguageModel model, Harvest clean, Harvest corrupt) {
        static Runs of(PromptPair prompts, PatchedPart part, Scope scope) {
            LanguageModel model = prompts.model();
            int blocks = model.config().blocks();
            List<Site> sites = Stream.concat(
                            IntStream.rangeClosed(0, blocks).mapToObj(Site::residual),
                            IntStream.range(0, blocks).mapToObj(part::site))
                    .distinct()
                    .toList();
            return new Runs(
                    model, run(model, prompts.clean(), sites, scope), run(model, prompts.corrupt(), sites, scope));
        }

        private static Harvest run(LanguageModel model, TokenSequence tokens, List<Site> sites, Scope scope) {
            var harvest = new Harvest(scope, sites);
            model.run(List.of(tokens), harvest);
            return harvest;
        }

        double metric(AnswerMetric metric, Harvest run) {
            Tensor last = run.get(Site.residual(model.config().blocks()));
            return metric.of(model.unembed(NextLogits.lastOf(last)))[0];
        }
    }
}
