package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.config.BlockOrder;
import microtome.tensor.Engine;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/**
 * Trials of one length, side by side as sequences of one batch. The original stream at every depth stays on the engine; a
 * pass with block s skipped starts after s, as nothing before it differs. With the change of the stream
 * {@code c[k] = h'[k] - h[k]}, the change of what block k adds is {@code c[k + 1] - c[k]}: exactly 0 where no bit differs.
 */
final class SkipBatch {
    /** A contribution shorter than this has no relative change. */
    static final double LEAST = 1e-6;

    private final LanguageModel model;
    private final List<Trial> trials;
    private final SkippedPart part;
    private final Harvest original;
    private final Tensor mask;
    private final double[][] norms;
    private final int blocks;
    private final int positions;

    /**
     * Runs the original pass; everything that is kept of it belongs to the scope.
     *
     * @throws ArithmeticException if a value of the stream is not finite
     */
    SkipBatch(LanguageModel model, List<Trial> trials, SkippedPart part, Scope scope) {
        this.model = model;
        this.trials = trials;
        this.part = part;
        this.blocks = model.config().blocks();
        this.positions = trials.getFirst().length();
        this.original = new Harvest(
                scope, IntStream.rangeClosed(0, blocks).mapToObj(Site::residual).toList());
        model.run(trials.stream().map(Trial::tokens).toList(), original);
        this.mask = mask(model.engine());
        this.norms = norms();
    }

    /** 1 where blocks are skipped, {@code [trials, positions, 1]}. */
    private Tensor mask(Engine engine) {
        var ones = new float[trials.size() * positions];
        for (int i = 0; i < trials.size(); i++) {
            Arrays.fill(ones, i * positions + 1, i * positions + trials.get(i).end(), 1);
        }
        return engine.tensor(ones, trials.size(), positions, 1);
    }

    /** The lengths of what every block adds, {@code [blocks][trials * positions]}. */
    private double[][] norms() {
        try (var _ = model.engine().openScope()) {
            List<Tensor> squares = IntStream.range(0, blocks)
                    .mapToObj(block -> squares(stream(block + 1).minus(stream(block))))
                    .toList();
            var lengths = new double[blocks][];
            for (int block = 0; block < blocks; block++) {
                lengths[block] = roots(squares.get(block));
                requireFinite(block, lengths[block]);
            }
            return lengths;
        }
    }

    private void requireFinite(int block, double[] lengths) {
        for (int row = 0; row < lengths.length; row++) {
            if (!Double.isFinite(lengths[row])) {
                boolean before = !Double.isFinite(roots(squares(stream(block)))[row]); // else the block itself made it
                throw new ArithmeticException(
                        "%s, prompt %d, position %d is not finite: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                .formatted(
                                        Site.residual(before ? block : block + 1),
                                        trials.get(row / positions).prompt(),
                                        row % positions));
            }
        }
    }

    /** The rows of all {@code trials * positions} whose change counts, trial by trial. */
    int[] measuredRows() {
        return IntStream.range(0, trials.size())
                .flatMap(i ->
                        IntStream.range(trials.get(i).measured(), positions).map(p -> i * positions + p))
                .toArray();
    }

    /** The original stream after so many blocks, {@code [trials, positions, width]}. */
    Tensor stream(int depth) {
        return original.get(Site.residual(depth));
    }

    /**
     * What became of the blocks behind a skipped one and of the end of the stream.
     *
     * @param squares for each later block the squared length of the change of what it adds, {@code [trials, positions]}
     * @param last the stream after the last block
     */
    record Consequence(List<Tensor> squares, Tensor last) {}

    /** Skips a part of a block and lets everything behind it follow. */
    Consequence propagated(int block, Scope scope) {
        var changes = new Changes(block + 1, scope);
        model.runFrom(block + 1, mask.where(without(block, scope), stream(block + 1)), changes);
        return new Consequence(changes.squares, changes.last);
    }

    /** Takes what the part of a block added out of the original input of every later block, one block at a time. */
    Consequence local(int block, Scope scope) {
        Tensor added = added(block, scope);
        var squares = new ArrayList<Tensor>();
        for (int later = block + 1; later < blocks; later++) {
            try (var inner = model.engine().openScope()) {
                Tensor input = mask.where(stream(later).minus(added), stream(later));
                var harvest = new Harvest(inner, List.of(Site.residual(later + 1)));
                model.runFrom(later, input, harvest);
                Tensor after = harvest.get(Site.residual(later + 1)).minus(stream(later + 1));
                squares.add(scope.adopt(squares(after.minus(input.minus(stream(later))))));
            }
        }
        return new Consequence(squares, mask.where(stream(blocks).minus(added), stream(blocks)));
    }

    /** Writes the largest relative change of every later block in each trial into {@code effects[trial][block]}. */
    void read(List<Tensor> squares, int skipped, double[][] effects) {
        for (int later = skipped + 1; later < blocks; later++) {
            double[] changes = roots(squares.get(later - skipped - 1));
            for (int i = 0; i < trials.size(); i++) {
                effects[i][later] = largest(changes, norms[later], i);
            }
        }
    }

    private double largest(double[] changes, double[] lengths, int trial) {
        double largest = Double.NaN;
        for (int row = trial * positions + trials.get(trial).measured(); row < (trial + 1) * positions; row++) {
            if (lengths[row] >= LEAST) {
                double change = changes[row] / lengths[row];
                largest = Double.isNaN(largest) ? change : Math.max(largest, change);
            }
        }
        return largest;
    }

    /** The stream after a block whose part adds nothing, at every position. */
    private Tensor without(int block, Scope scope) {
        return switch (part) {
            case BLOCK -> stream(block);
            case ATTENTION -> silenced(block, Site.attentionOutput(block), scope);
            case MLP -> silenced(block, Site.mlpOutput(block), scope);
        };
    }

    private Tensor silenced(int block, Site site, Scope scope) {
        Site after = Site.residual(block + 1);
        var harvest = new Harvest(scope, List.of(after));
        model.runFrom(block, stream(block), Tap.all(List.of(new Silence(site), harvest)));
        return harvest.get(after);
    }

    /** What the part of a block added to the stream; behind a norm of the sum, the difference that it made there. */
    private Tensor added(int block, Scope scope) {
        if (part == SkippedPart.ATTENTION && model.config().order() != BlockOrder.NORM_OF_SUM) {
            Site site = Site.attentionOutput(block);
            var harvest = new Harvest(scope, List.of(site));
            model.runFrom(block, stream(block), harvest);
            return harvest.get(site);
        }
        return stream(block + 1).minus(without(block, scope));
    }

    /** {@code [trials, positions]} of {@code [trials, positions, width]}. */
    private static Tensor squares(Tensor rows) {
        return rows.times(rows).sum(-1);
    }

    private static double[] roots(Tensor squares) {
        float[] values = squares.toFloats();
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Math.sqrt(values[i]))
                .toArray();
    }

    /** Puts zeros in the place of a value. */
    private record Silence(Site site) implements Tap {
        @Override
        public boolean wants(Site asked) {
            return asked.equals(site);
        }

        @Override
        public Tensor at(Site asked, Tensor value) {
            return value.engine().filled(0, value.dtype(), value.shape().extents());
        }
    }

    /** Compares the stream with the original one as it comes up. */
    private final class Changes implements Tap {
        private final int first;
        private final Scope scope;
        private final List<Tensor> squares = new ArrayList<>();
        private Tensor change;
        private Tensor last;

        Changes(int first, Scope scope) {
            this.first = first;
            this.scope = scope;
        }

        @Override
        public boolean wants(Site site) {
            return site.kind() == Site.Kind.RESIDUAL && site.index() >= first;
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            Tensor now = scope.adopt(value.minus(stream(site.index())));
            if (change != null) {
                squares.add(scope.adopt(squares(now.minus(change))));
                change.close();
            }
            change = now;
            if (site.index() == blocks) {
                last = scope.adopt(value);
            }
            return value;
        }
    }
}
