package microtome.model.corpus;

import java.util.Locale;
import microtome.model.config.ModelConfig;

/**
 * How a corpus goes through a model.
 *
 * @param length the longest sequence in tokens; a model with a shorter context takes that
 * @param longTexts what becomes of longer documents
 * @param skipFirst so many positions at the beginning of every sequence that the model reads are not given on; the first
 *     position usually carries a massive activation, which then decides every mean
 * @param batching how sequences are put together
 */
public record CorpusOptions(int length, LongTexts longTexts, int skipFirst, Batching batching) {
    /** Pieces of 512 tokens, every position, {@link Batching#DEFAULT}. */
    public static final CorpusOptions DEFAULT = new CorpusOptions(512, LongTexts.CHUNKED, 0, Batching.DEFAULT);

    public CorpusOptions {
        atLeast("length", length, 1);
        atLeast("skipFirst", skipFirst, 0);
        if (skipFirst >= length) {
            throw new IllegalArgumentException(
                    "skipFirst %d of sequences of length %d: nothing would be left; need skipFirst < length"
                            .formatted(skipFirst, length));
        }
    }

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s %d: must be at least %d".formatted(name, value, least));
        }
    }

    /** The same with another longest sequence, in tokens. */
    public CorpusOptions length(int tokens) {
        return new CorpusOptions(tokens, longTexts, skipFirst, batching);
    }

    /** The same with longer documents treated otherwise. */
    public CorpusOptions longTexts(LongTexts other) {
        return new CorpusOptions(length, other, skipFirst, batching);
    }

    /** The same without so many first positions of every sequence. */
    public CorpusOptions skipFirst(int positions) {
        return new CorpusOptions(length, longTexts, positions, batching);
    }

    /** The same with sequences put together otherwise. */
    public CorpusOptions batching(Batching other) {
        return new CorpusOptions(length, longTexts, skipFirst, other);
    }

    /** The same with batches of at most so many tokens. */
    public CorpusOptions batchTokens(int most) {
        return batching(new Batching(most, batching.windowTokens(), batching.padding(), batching.paddedBelow()));
    }

    /** The same with so many tokens looked ahead. */
    public CorpusOptions windowTokens(int tokens) {
        return batching(new Batching(batching.tokens(), tokens, batching.padding(), batching.paddedBelow()));
    }

    /** The same with another largest part of padding, in batches below so many tokens. */
    public CorpusOptions padding(double part, int below) {
        return batching(new Batching(batching.tokens(), batching.windowTokens(), part, below));
    }

    /** These options for a model: no longer than its context, and without padding where later positions are seen. */
    CorpusOptions fitting(ModelConfig config) {
        CorpusOptions fitting = length <= config.context() ? this : length(config.context());
        return config.attention().causal() ? fitting : fitting.batching(batching.exact());
    }

    @Override
    public String toString() {
        return "length %d, long texts %s, first %d positions skipped, %s"
                .formatted(length, longTexts.name().toLowerCase(Locale.ROOT), skipFirst, batching);
    }
}
