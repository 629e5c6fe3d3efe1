package microtome.probe.depth.reading;

import java.util.List;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/**
 * Pieces of one length that go through a model together.
 *
 * @param first the first position that is given on
 */
public record TextBatch(List<Piece> pieces, int first) {
    /**
     * A document or a part of one.
     *
     * @param document its number
     */
    public record Piece(long document, TokenSequence tokens) {}

    /** Keeps a copy. */
    public TextBatch {
        pieces = List.copyOf(pieces);
    }

    /** What the model runs. */
    public List<TokenSequence> sequences() {
        return pieces.stream().map(Piece::tokens).toList();
    }

    /** Positions of a piece that are given on. */
    public int rowsPerPiece() {
        return pieces.getFirst().tokens().size() - first;
    }

    /** Positions that are given on. */
    public int rows() {
        return pieces.size() * rowsPerPiece();
    }

    /** The rows that are given on, piece by piece: {@code [rows, width]} of {@code [pieces, positions, width]}. */
    public Tensor rows(Tensor value) {
        return value.slice(1, first, value.extent(1)).reshape(rows(), value.extent(2));
    }
}
