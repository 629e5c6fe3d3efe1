package microtome.model.corpus.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.tensor.Engine;
import microtome.tensor.Examples;
import microtome.tensor.Tensor;

/**
 * The engine's own running examples, which are numbers of rows. Places of recent rows are kept until there are many, then
 * only those of rows that are still among the best: memory does not grow with the corpus.
 */
final class ExamplesFold implements Fold<TopExamples> {
    private static final int MOST_RECENT_ROWS = 1 << 16;

    private record Place(long document, int position) {}

    private record Recent(long first, RowPlaces places) {}

    private final int slots;
    private final List<Recent> recent = new ArrayList<>();
    private Map<Long, Place> older = new HashMap<>();
    private Examples examples;
    private int recentRows;

    ExamplesFold(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("%d examples of every feature: need at least 1".formatted(slots));
        }
        this.slots = slots;
    }

    @Override
    public void begin(Engine engine, int features) {
        examples = engine.outsideScopes(() -> Examples.none(engine, features, slots));
    }

    @Override
    public void accept(Tensor rows, RowPlaces places) {
        if (recentRows > MOST_RECENT_ROWS) {
            forgetOthersThan(examples.top());
        }
        recent.add(new Recent(examples.seen(), places));
        recentRows += places.rows();
        try (var before = examples) {
            examples = rows.engine().outsideScopes(() -> before.with(rows));
        }
    }

    private void forgetOthersThan(List<Examples.Top> tops) {
        var kept = new HashMap<Long, Place>();
        for (Examples.Top top : tops) {
            for (long row : top.examples()) {
                kept.computeIfAbsent(row, this::place);
            }
        }
        older = kept;
        recent.clear();
        recentRows = 0;
    }

    private Place place(long row) {
        Place known = older.get(row);
        if (known != null) {
            return known;
        }
        int low = 0;
        int high = recent.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            boolean before = recent.get(middle).first() <= row;
            low = before ? middle : low;
            high = before ? high : middle - 1;
        }
        RowPlaces places = recent.get(low).places();
        int at = Math.toIntExact(row - recent.get(low).first());
        return new Place(places.documents()[at], places.positions()[at]);
    }

    @Override
    public TopExamples result() {
        var features = new ArrayList<List<TopExamples.Example>>();
        for (Examples.Top top : examples.top()) {
            Place[] places = Arrays.stream(top.examples()).mapToObj(this::place).toArray(Place[]::new);
            features.add(IntStream.range(0, places.length)
                    .mapToObj(at -> new TopExamples.Example(
                            top.activations()[at], places[at].document(), places[at].position()))
                    .toList());
        }
        return new TopExamples(slots, features);
    }

    @Override
    public void close() {
        if (examples != null) {
            examples.close();
        }
    }
}
