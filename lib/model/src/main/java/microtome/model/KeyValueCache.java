package microtome.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import microtome.model.config.ModelConfig;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.GrowingRows;
import microtome.tensor.Tensor;

/**
 * Rotated keys and values of the positions so far, one row per position and block. The sequences of a batch stand side by
 * side in a row: attention takes them for heads of one sequence, and so reads the rows as they lie.
 */
final class KeyValueCache implements Past, AutoCloseable {
    private record Rows(GrowingRows keys, GrowingRows values) {

        /** Keys and values of all positions, {@code [1, positions, sequences * width]}. */
        record All(Tensor keys, Tensor values) {

            All part(int sequence, int sequences) {
                long width = keys.extent(2) / sequences;
                long from = sequence * width;
                return new All(keys.slice(2, from, from + width), values.slice(2, from, from + width));
            }
        }

        All all() {
            return new All(keys.rows(), values.rows());
        }
    }

    private final Engine engine;
    private final int sequences;
    private final List<Rows> blocks = new ArrayList<>();
    private int positions;

    KeyValueCache(Engine engine, ModelConfig config, DType type, int sequences) {
        this.engine = engine;
        this.sequences = sequences;
        long width = (long) sequences * config.keyValueHeads() * config.headWidth();
        for (int block = 0; block < config.blocks(); block++) {
            blocks.add(new Rows(new GrowingRows(engine, type, width), new GrowingRows(engine, type, width)));
        }
    }

    int sequences() {
        return sequences;
    }

    @Override
    public int positions() {
        return positions;
    }

    @Override
    public boolean remembers() {
        return true;
    }

    /** Says that a pass has given every block the keys and values of that many more positions. */
    void advance(int passed) {
        positions += passed;
    }

    /** Forgets all positions from this one on, also those of a pass that did not come to its end. */
    void rewind(int newPositions) {
        positions = newPositions;
        for (Rows rows : blocks) {
            rows.keys().truncate(Math.min(newPositions, rows.keys().count()));
            rows.values().truncate(Math.min(newPositions, rows.values().count()));
        }
    }

    /** Fills this empty cache with what the parts have, side by side. */
    void take(List<KeyValueCache> parts) {
        fill(block -> parts.stream().map(part -> part.blocks.get(block).all()).toList());
        advance(parts.getFirst().positions());
    }

    /** Fills this empty cache with some sequences of another. */
    void take(KeyValueCache other, int[] chosen) {
        fill(block -> {
            Rows.All all = other.blocks.get(block).all();
            return Arrays.stream(chosen)
                    .mapToObj(row -> all.part(row, other.sequences))
                    .toList();
        });
        advance(other.positions());
    }

    private void fill(IntFunction<List<Rows.All>> sideBySide) {
        for (int block = 0; block < blocks.size(); block++) {
            try (var _ = engine.openScope()) {
                List<Rows.All> parts = sideBySide.apply(block);
                Rows rows = blocks.get(block);
                rows.keys()
                        .append(Tensor.concat(
                                2, parts.stream().map(Rows.All::keys).toList()));
                rows.values()
                        .append(Tensor.concat(
                                2, parts.stream().map(Rows.All::values).toList()));
            }
        }
    }

    @Override
    public Heard with(int block, Tensor key, Tensor value) {
        Rows rows = blocks.get(block);
        var all = new Heard(key, value, sequences);
        rows.keys().append(all.join(key));
        rows.values().append(all.join(value));
        if (positions == 0) {
            return new Heard(key, value, 1); // nothing came before: attention as without a cache
        }
        return new Heard(rows.keys().rows(), rows.values().rows(), sequences);
    }

    @Override
    public void close() {
        for (Rows rows : blocks) {
            rows.keys().close();
            rows.values().close();
        }
    }
}
