package microtome.model.corpus;

/**
 * How sequences are put together. Measured on a CPU, a token costs the same within a tenth in batches of 32 and of 2,048
 * tokens, so filling batches with padding does not pay, except where few sequences have one length: 10 % padding in every
 * batch costs up to 9 %, in batches below 256 tokens 3 %.
 *
 * @param tokens most tokens of a batch, padding included; a sequence that is longer is a batch of its own
 * @param windowTokens so many tokens are looked ahead and sorted by length
 * @param padding the largest part of a batch that may be padding, 0 to 1; 0 for batches of exactly one length. Padding
 *     stands behind a sequence, where a causal model's earlier positions do not see it, and its rows are dropped
 * @param paddedBelow batches of one length with fewer tokens are filled with shorter sequences, padded
 */
public record Batching(int tokens, int windowTokens, double padding, int paddedBelow) {
    /** Up to 2,048 tokens of one length out of 32,768; below 256 tokens up to 10 % padding. */
    public static final Batching DEFAULT = new Batching(2048, 32_768, 0.1, 256);

    public Batching {
        CorpusOptions.atLeast("batchTokens", tokens, 1);
        CorpusOptions.atLeast("windowTokens", windowTokens, 1);
        CorpusOptions.atLeast("paddedBelow", paddedBelow, 0);
        if (!(padding >= 0 && padding < 1)) {
            throw new IllegalArgumentException(
                    "padding %s: the part of a batch that may be padding, from 0 to below 1".formatted(padding));
        }
    }

    /** Sequences of exactly one length. */
    Batching exact() {
        return new Batching(tokens, windowTokens, 0, paddedBelow);
    }

    @Override
    public String toString() {
        String filled = padding == 0
                ? ""
                : "; those below %,d filled with at most %s of padding".formatted(paddedBelow, padding);
        return "batches of one length and at most %,d tokens out of %,d%s".formatted(tokens, windowTokens, filled);
    }
}
