package microtome.model.corpus.fold;

/**
 * Where rows come from, one entry per row in each array.
 *
 * @param documents numbers of documents
 * @param positions positions in the tokens of the document, from 0; not in the piece that the model read
 * @param tokens ids of the tokens there
 */
public record RowPlaces(long[] documents, int[] positions, int[] tokens) {
    public RowPlaces {
        if (documents.length != positions.length || documents.length != tokens.length) {
            throw new IllegalArgumentException("places: %d documents, %d positions and %d tokens; need one each per row"
                    .formatted(documents.length, positions.length, tokens.length));
        }
    }

    /** Number of rows. */
    public int rows() {
        return documents.length;
    }
}
