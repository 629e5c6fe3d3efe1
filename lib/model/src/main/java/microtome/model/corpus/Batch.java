package microtome.model.corpus;

import java.util.List;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/**
 * Sequences that go through the model together, made equally long by padding behind the shorter ones.
 *
 * @param length of the longest
 * @param skipFirst positions at the beginning of every sequence whose rows are dropped
 */
record Batch(List<Chunk> chunks, int length, int skipFirst) {
    Batch {
        chunks = List.copyOf(chunks);
    }

    List<TokenSequence> sequences() {
        return chunks.stream().map(chunk -> chunk.padded(length)).toList();
    }

    /** Tokens of the texts, without padding. */
    int tokens() {
        return chunks.stream().mapToInt(Chunk::length).sum();
    }

    int padding() {
        return chunks.size() * length - tokens();
    }

    /** Rows that are given on. */
    int rows() {
        return chunks.stream().mapToInt(chunk -> chunk.rows(skipFirst)).sum();
    }

    /** Where the rows that are given on come from, in their order: sequence by sequence. */
    RowPlaces places() {
        int rows = rows();
        var places = new RowPlaces(new long[rows], new int[rows], new int[rows]);
        int row = 0;
        for (Chunk chunk : chunks) {
            for (int position = chunk.firstRow(skipFirst); position < chunk.length(); position++) {
                places.documents()[row] = chunk.document();
                places.positions()[row] = chunk.positionInDocument(position);
                places.tokens()[row] = chunk.ids()[position];
                row++;
            }
        }
        return places;
    }

    /**
     * The rows that are given on.
     *
     * @param value {@code [sequences, positions, ...]}
     * @return {@code [rows, everything else]}, a view where every row is kept
     */
    Tensor rows(Tensor value) {
        long all = (long) chunks.size() * length;
        Tensor flat = value.reshape(all, -1);
        return rows() == all ? flat : flat.gather(flat.engine().indices(kept(), rows()));
    }

    private int[] kept() {
        var kept = new int[rows()];
        int row = 0;
        for (int sequence = 0; sequence < chunks.size(); sequence++) {
            Chunk chunk = chunks.get(sequence);
            for (int position = chunk.firstRow(skipFirst); position < chunk.length(); position++) {
                kept[row++] = sequence * length + position;
            }
        }
        return kept;
    }
}
