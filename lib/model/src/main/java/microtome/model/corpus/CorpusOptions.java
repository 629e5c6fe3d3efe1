package microtome.model.corpus;

import java.util.Locale;

/**
 * How a corpus goes through a model.
 *
 * @param length the longest sequence in tokens; a model with a shorter context takes that
 * @param longTexts what becomes of longer documents
 * @param skipFirst so many positions at the beginning of every sequence that the model reads are not given on; the first
 *     position usually carries a massive activation, which then decides every mean
 * @param batchTokens tokens of a batch, padding included; a sequence that is longer is a batch of its own
 * @param windowTokens so many tokens are looked ahead and sorted by length, so that batches need hardly any padding
 * @param padding the largest part of a batch that may be padding, 0 to 1; 0 for batches of exactly one length. Padding
 *     stands behind a sequence, where a causal model's earlier positions do not see it, and its rows are dropped
 */
public record CorpusOptions(
        int length, LongTexts longTexts, int skipFirst, int batchTokens, int windowTokens, double padding) {
    /** Pieces of 512 tokens, every position, batches of 2,048 tokens out of 32,768, up to 10 % of them padding. */
    public static final CorpusOptions DEFAULT = new CorpusOptions(512, LongTexts.CHUNKED, 0, 2048, 32_768, 0.1);

    public CorpusOptions {
        atLeast("length", length, 1);
        atLeast("skipFirst", skipFirst, 0);
        atLeast("batchTokens", batchTokens, 1);
        atLeast("windowTokens", windowTokens, 1);
        if (!(padding >= 0 && padding < 1)) {
            throw new IllegalArgumentException(
                    "padding %s: the part of a batch that may be padding, from 0 to below 1".formatted(padding));
        }
        if (skipFirst >= length) {
            throw new IllegalArgumentException(
                    "skipFirst %d of sequences of length %d: nothing would be left; need skipFirst < length"
                            .formatted(skipFirst, length));
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s %d: must be at least %d".formatted(name, value, least));
        }
    }

    /** The same with another longest sequence, in tokens. */
    public CorpusOptions length(int tokens) {
        return new CorpusOptions(tokens, longTexts, skipFirst, batchTokens, windowTokens, padding);
    }

    /** The same with longer documents treated otherwise. */
    public CorpusOptions longTexts(LongTexts other) {
        return new CorpusOptions(length, other, skipFirst, batchTokens, windowTokens, padding);
    }

    /** The same without so many first positions of every sequence. */
    public CorpusOptions skipFirst(int positions) {
        return new CorpusOptions(length, longTexts, positions, batchTokens, windowTokens, padding);
    }

    /** The same with batches of so many tokens. */
    public CorpusOptions batchTokens(int tokens) {
        return new CorpusOptions(length, longTexts, skipFirst, tokens, windowTokens, padding);
    }

    /** The same with so many tokens looked ahead. */
    public CorpusOptions windowTokens(int tokens) {
        return new CorpusOptions(length, longTexts, skipFirst, batchTokens, tokens, padding);
    }

    /** The same with another largest part of padding in a batch. */
    public CorpusOptions padding(double part) {
        return new CorpusOptions(length, longTexts, skipFirst, batchTokens, windowTokens, part);
    }

    /** These options for a model of this context. */
    CorpusOptions within(int context) {
        return length <= context ? this : length(context);
    }

    @Override
    public String toString() {
        return "length %d, long texts %s, first %d positions skipped, batches of %,d tokens out of %,d sorted by length, at most %s of a batch padding"
                .formatted(
                        length,
                        longTexts.name().toLowerCase(Locale.ROOT),
                        skipFirst,
                        batchTokens,
                        windowTokens,
                        padding);
    }
}
