package microtome.probe.depth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/**
 * How far next-token probabilities are from the original ones, at the positions that count. The original probabilities stay
 * on the engine; the others are made and compared a few rows at a time.
 */
final class OutputDistance {
    /** Rows of one product: enough for its full speed, few enough that logits of a large vocabulary fit. */
    private static final int ROWS = 256;

    private final LanguageModel model;
    private final int[] rows;
    private final List<Tensor> original = new ArrayList<>();

    /**
     * @param rows places among all {@code sequences * positions}
     * @param last the original stream after the last block, {@code [sequences, positions, width]}
     * @param scope keeps the probabilities
     */
    OutputDistance(LanguageModel model, int[] rows, Tensor last, Scope scope) {
        this.model = model;
        this.rows = rows;
        for (int from = 0; from < rows.length; from += ROWS) {
            try (var _ = model.engine().openScope()) {
                original.add(scope.adopt(probabilities(last, from)));
            }
        }
    }

    /** The Euclidean distance of the probabilities at every row, at most the square root of 2. */
    double[] of(Tensor last) {
        var squares = new ArrayList<Tensor>();
        try (var scope = model.engine().openScope()) {
            for (int from = 0; from < rows.length; from += ROWS) {
                try (var _ = model.engine().openScope()) {
                    Tensor difference = probabilities(last, from).minus(original.get(from / ROWS));
                    squares.add(scope.adopt(difference.times(difference).sum(-1)));
                }
            }
            return squares.stream()
                    .map(Tensor::toFloats)
                    .flatMapToDouble(part -> IntStream.range(0, part.length).mapToDouble(i -> Math.sqrt(part[i])))
                    .toArray();
        }
    }

    private Tensor probabilities(Tensor last, int from) {
        int to = Math.min(rows.length, from + ROWS);
        int[] part = IntStream.range(from, to).map(i -> rows[i]).toArray();
        Tensor flat = last.reshape(last.extent(0) * last.extent(1), last.extent(2));
        return model.unembed(flat.gather(model.engine().indices(part, part.length)))
                .softmax(-1);
    }
}
