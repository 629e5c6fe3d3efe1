package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Site;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The first rows of one site, with where they come from. */
final class RowSample implements Fold<RowSample> {
    private final int limit;
    private final List<float[]> rows = new ArrayList<>();
    private final List<long[]> places = new ArrayList<>();
    private int features;

    RowSample(int limit) {
        this.limit = limit;
    }

    @Override
    public void begin(Engine engine, int features) {
        this.features = features;
    }

    @Override
    public void accept(Tensor values, RowPlaces from) {
        int taken = Math.min(limit - rows.size(), from.rows());
        if (taken <= 0) {
            return;
        }
        float[] all = values.slice(0, 0, taken).toFloats();
        for (int row = 0; row < taken; row++) {
            rows.add(Arrays.copyOfRange(all, row * features, (row + 1) * features));
            places.add(new long[] {from.documents()[row], from.positions()[row], from.tokens()[row]});
        }
    }

    @Override
    public RowSample result() {
        return this;
    }

    int size() {
        return rows.size();
    }

    /** Document, position and token of every row, in the order of the corpus. */
    long[][] places() {
        return Arrays.stream(order()).mapToObj(places::get).toArray(long[][]::new);
    }

    /** The rows in the order of the corpus, whatever order batches came in. */
    Representation representation(Site site) {
        return Representation.of(
                RowBatches.name(site),
                Arrays.stream(order()).mapToObj(rows::get).toArray(float[][]::new));
    }

    private int[] order() {
        return IntStream.range(0, rows.size())
                .boxed()
                .sorted((a, b) -> Arrays.compare(places.get(a), places.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
