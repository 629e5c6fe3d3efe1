package microtome.probe.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;

/** Maps that were fitted, with the tokens that they are measured on. Belongs to the model that it was made with. */
public final class FittedUpdates implements Displayable {
    /** Fit tokens below which a class with many parameters says little. */
    private static final int PREFERRED = 2000;

    private final FitSource source;
    private final Origin origin;
    private final int width;
    private final List<FittedBlock> blocks;
    private final Map<Integer, float[]> heldOut;

    private FittedUpdates(
            FitSource source, Origin origin, int width, List<FittedBlock> blocks, Map<Integer, float[]> heldOut) {
        this.source = source;
        this.origin = origin;
        this.width = width;
        this.blocks = List.copyOf(blocks);
        this.heldOut = heldOut;
    }

    static FittedUpdates fit(FitSource source, List<Integer> blocks, UpdateCollector collector) {
        Map<Integer, float[]> kept = collector.fitRows();
        var done = BlocksAtOnce.each("fitting maps", blocks.size(), index -> {
            int block = blocks.get(index);
            PairSums sums = collector.sums(block);
            var fit = new UpdateFit(sums, kept.get(block), kept.get(block + 1));
            return new FittedBlock(
                    block,
                    sums.count(),
                    sums.dropped(),
                    source.options().classes().stream().map(fit::fit).toList());
        });
        var fitted = new ArrayList<>(done.results());
        for (int index = fitted.size(); index < blocks.size(); index++) {
            fitted.add(FittedBlock.missing(blocks.get(index), source.options(), done.stopped()));
        }
        return new FittedUpdates(
                source, remarks(source, collector), collector.width(), fitted, collector.heldOutRows());
    }

    private static Origin remarks(FitSource source, UpdateCollector collector) {
        Origin origin = source.origin();
        if (collector.fitTokens() < PREFERRED) {
            origin = origin.remark(
                    "%,d fit tokens; with fewer than %,d, classes of many parameters fit noise and fall behind on held-out tokens"
                            .formatted(collector.fitTokens(), PREFERRED));
        }
        for (UpdateClass kind : source.options().classes()) {
            if (kind instanceof UpdateClass.LocalLinear(int neighbours) && neighbours > collector.fitKept()) {
                origin = origin.remark("%s: only %,d fit tokens are kept, so all of them are neighbours"
                        .formatted(kind.label(), collector.fitKept()));
            }
        }
        return origin;
    }

    /** How well each class describes each block, on the kept held-out tokens. */
    public UpdateStructure structure() {
        var done = BlocksAtOnce.each("measuring maps", blocks.size(), index -> {
            FittedBlock block = blocks.get(index);
            var tokens = new HeldOut(heldOut.get(block.block()), heldOut.get(block.block() + 1), width);
            return new BlockUpdates(
                    block.block(),
                    block.fitTokens(),
                    block.fitDropped(),
                    tokens.dropped(),
                    block.maps().stream()
                            .map(map -> tokens.measure(source.engine(), map))
                            .toList());
        });
        var measured = new ArrayList<>(done.results());
        for (int index = measured.size(); index < blocks.size(); index++) {
            measured.add(BlockUpdates.missing(blocks.get(index), done.stopped()));
        }
        return new UpdateStructure(source.options(), measured, origin);
    }

    /** As {@link #perturbation(PerturbationOptions)} with {@link PerturbationOptions#DEFAULT}. */
    public OutputPerturbation perturbation() {
        return perturbation(PerturbationOptions.DEFAULT);
    }

    /**
     * What the model's answer loses when, at some tokens of held-out documents, the state behind a block is replaced by the map of
     * the state before it, and the rest is run. An interrupt stops it and gives what was done.
     *
     * @throws IllegalArgumentException for a model without logits, maps of given states, or a class that was not fitted
     */
    public OutputPerturbation perturbation(PerturbationOptions options) {
        return PerturbationWork.run(source, blocks, options, origin);
    }

    /** The maps in words. */
    public Explanation explain() {
        Explanation explanation = Explanation.of("fitted layer updates", "T(x) = x + t(x) fitted to u = y - x");
        for (UpdateClass kind : source.options().classes()) {
            explanation = explanation.fact(kind.label(), kind.formula());
        }
        return origin.on(explanation
                .n(blocks.getFirst().fitTokens())
                .fact("options", source.options().toString())
                .paper(LayerUpdates.PAPER));
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return explain().mimeBundle();
    }

    @Override
    public String toString() {
        return "maps of %d classes for %d blocks; ask for structure() or perturbation()"
                .formatted(source.options().classes().size(), blocks.size());
    }

    /** What the steps between depths are called. */
    static List<String> labels(List<Integer> blocks) {
        return IntStream.range(0, blocks.size())
                .mapToObj(index -> Depths.between(Depths.labels(blocks.get(index), blocks.get(index) + 1))
                        .getFirst())
                .toList();
    }
}
