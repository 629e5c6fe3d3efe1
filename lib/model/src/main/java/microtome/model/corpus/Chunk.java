package microtome.model.corpus;

import java.util.Arrays;
import microtome.model.token.TokenSequence;

/**
 * A sequence as the model reads it: a document or a piece of one.
 *
 * @param document its number
 * @param ids the tokens
 * @param repeated so many tokens at the beginning are those of the first piece again
 * @param first the position in the document of the first token that is not repeated
 * @param pieces pieces of this document
 */
record Chunk(long document, int[] ids, int repeated, int first, int pieces) {

    int length() {
        return ids.length;
    }

    /** The first position of the sequence whose row is given on. */
    int firstRow(int skipFirst) {
        return Math.max(skipFirst, repeated);
    }

    int rows(int skipFirst) {
        return Math.max(0, ids.length - firstRow(skipFirst));
    }

    /** The position in the document of a position of the sequence. */
    int positionInDocument(int position) {
        return first + position - repeated;
    }

    /** Made longer by its last token, which stands for any: nobody before sees it. */
    TokenSequence padded(int length) {
        int[] all = Arrays.copyOf(ids, length);
        Arrays.fill(all, ids.length, length, ids[ids.length - 1]);
        return TokenSequence.ofIds(all);
    }
}
