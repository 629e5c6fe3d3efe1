package microtome.probe.update;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.model.Site;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * What the depths of a corpus leave behind as they come by, each depth of a batch after the one before it: sums over fit tokens
 * for every block, and seeded samples of fit tokens and of held-out tokens. Nothing else is kept.
 */
final class UpdateCollector {
    private final UpdateOptions options;
    private final List<Integer> depths;
    private final DocumentSplit split;
    private final TokenSample fitSample;
    private final TokenSample heldOutSample;
    private final Map<Integer, PairSums> sums = new TreeMap<>();
    private final List<Integer> blocks;
    private int[] fitRows = new int[0];
    private float[] previous;
    private int width;

    /** @param blocks those whose updates are read, in order */
    UpdateCollector(UpdateOptions options, List<Integer> blocks) {
        this.options = options;
        this.blocks = blocks;
        this.depths = blocks.stream()
                .flatMap(block -> Stream.of(block, block + 1))
                .distinct()
                .toList();
        this.split = new DocumentSplit(options.seed());
        this.fitSample = new TokenSample(options.fitSample(), depths.size());
        this.heldOutSample = new TokenSample(options.heldOutSample(), depths.size());
    }

    /** The sites whose rows it takes, in the order in which it takes them. */
    List<Site> sites() {
        return depths.stream().map(Site::residual).toList();
    }

    /** One fold per site, to be made in the order of the sites; all put what they find in here. */
    Supplier<Fold<Integer>> folds() {
        Iterator<Integer> indices = IntStream.range(0, depths.size()).iterator();
        return () -> new OfDepth(indices.next());
    }

    private final class OfDepth implements Fold<Integer> {
        private final int index;

        OfDepth(int index) {
            this.index = index;
        }

        @Override
        public void begin(Engine engine, int features) {
            options.requireWidth(features);
            width = features;
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            take(rows.engine(), index, rows.toFloats(), places);
        }

        @Override
        public Integer result() {
            return index;
        }
    }

    /** Takes the rows of one depth of a batch, by its place among the depths. */
    void take(Engine engine, int index, float[] rows, RowPlaces places) {
        width = rows.length / places.rows();
        int depth = depths.get(index);
        requireFinite(depth, rows, places);
        if (index == 0) {
            choose(places);
        }
        if (options.needsNeighbours()) {
            fitSample.put(index, rows, width);
        }
        heldOutSample.put(index, rows, width);
        if (index > 0 && depths.get(index - 1) == depth - 1 && blocks.contains(depth - 1)) {
            sums.computeIfAbsent(depth - 1, _ -> new PairSums(width, options.needsProducts()))
                    .add(engine, previous, rows, fitRows);
        }
        previous = rows;
    }

    private void choose(RowPlaces places) {
        fitRows = rows(places, true);
        int[] heldOut = rows(places, false);
        fitSample.choose(fitRows, priorities(places, fitRows), places.rows());
        heldOutSample.choose(heldOut, priorities(places, heldOut), places.rows());
    }

    private int[] rows(RowPlaces places, boolean fit) {
        return IntStream.range(0, places.rows())
                .filter(row -> split.isFit(places.documents()[row]) == fit)
                .toArray();
    }

    private long[] priorities(RowPlaces places, int[] rows) {
        return Arrays.stream(rows)
                .mapToLong(row -> split.priority(places.documents()[row], places.positions()[row]))
                .toArray();
    }

    private void requireFinite(int depth, float[] rows, RowPlaces places) {
        for (int i = 0; i < rows.length; i++) {
            if (!Float.isFinite(rows[i])) {
                int row = i / width;
                throw new ArithmeticException(
                        "%s, document %d, position %d, element %d is %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                .formatted(
                                        Site.residual(depth),
                                        places.documents()[row],
                                        places.positions()[row],
                                        i % width,
                                        rows[i]));
            }
        }
    }

    int width() {
        return width;
    }

    /** Fit tokens that came by. */
    long fitTokens() {
        return fitSample.offered();
    }

    /** Held-out tokens that came by. */
    long heldOutTokens() {
        return heldOutSample.offered();
    }

    /** Fit tokens that were kept for local maps. */
    int fitKept() {
        return fitSample.size();
    }

    /** The sums of a block. */
    PairSums sums(int block) {
        return sums.get(block);
    }

    /** Kept fit tokens, by depth. */
    Map<Integer, float[]> fitRows() {
        return byDepth(fitSample);
    }

    /** Kept held-out tokens, by depth. */
    Map<Integer, float[]> heldOutRows() {
        return byDepth(heldOutSample);
    }

    private Map<Integer, float[]> byDepth(TokenSample sample) {
        var rows = new TreeMap<Integer, float[]>();
        for (int index = 0; index < depths.size(); index++) {
            rows.put(depths.get(index), sample.rows(index, width));
        }
        return rows;
    }
}
