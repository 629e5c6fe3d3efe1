package microtome.probe.update;

import java.util.Arrays;
import microtome.probe.data.Copies;

/**
 * States of the same tokens before and behind a step, from wherever they are.
 *
 * @param before {@code [tokens][width]}
 * @param after {@code [tokens][width]}
 * @param documents for each token the number of the document that it is in
 */
public record UpdatePairs(float[][] before, float[][] after, long[] documents) {
    /** Checks that the rows belong together and keeps copies. */
    public UpdatePairs {
        if (before.length == 0 || before.length != after.length || before.length != documents.length) {
            throw new IllegalArgumentException(
                    "%d states before, %d behind and %d documents: need one each per token, and at least one token"
                            .formatted(before.length, after.length, documents.length));
        }
        int width = before[0].length;
        if (width == 0
                || !Arrays.stream(before).allMatch(row -> row.length == width)
                || !Arrays.stream(after).allMatch(row -> row.length == width)) {
            throw new IllegalArgumentException("states of different widths; need one width of at least 1 for all");
        }
        before = Copies.of(before);
        after = Copies.of(after);
        documents = documents.clone();
    }

    /** Tokens, one after the other in documents of so many each. */
    public static UpdatePairs of(float[][] before, float[][] after, int tokensPerDocument) {
        var documents = new long[before.length];
        Arrays.setAll(documents, token -> token / tokensPerDocument);
        return new UpdatePairs(before, after, documents);
    }

    /** Elements of a state. */
    public int width() {
        return before[0].length;
    }

    /** Number of tokens. */
    public int tokens() {
        return before.length;
    }

    static float[] flat(float[][] rows) {
        int width = rows[0].length;
        var flat = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        return flat;
    }
}
