package microtome.probe.depth.reading;

import microtome.model.corpus.CorpusOptions;

/**
 * How much of a corpus is read, and how.
 *
 * @param tokens reading ends when so many positions were given on
 * @param length the longest piece of a text in tokens; longer texts fall into pieces without overlap, each read as if it
 *     began there; a model with a shorter context takes that
 * @param skipFirst so many positions at the beginning of every piece are not given on; the first carries a massive activation
 *     in many models, which then decides every mean. A piece that is no longer gives its last position
 */
public record ReadOptions(long tokens, int length, int skipFirst) {
    /** Checks that something is read. */
    public ReadOptions {
        if (tokens < 1 || length < 1 || skipFirst < 0) {
            throw new IllegalArgumentException(
                    "reading %d tokens in pieces of %d without the first %d: need tokens >= 1, length >= 1, skipFirst >= 0"
                            .formatted(tokens, length, skipFirst));
        }
    }

    /**
     * As much of a corpus as its own options say, up to so many positions; the first position of a piece is left out in any
     * case.
     */
    public static ReadOptions of(CorpusOptions corpus, long tokens) {
        return new ReadOptions(tokens, corpus.length(), Math.max(1, corpus.skipFirst()));
    }

    @Override
    public String toString() {
        return "up to %,d positions, pieces of at most %d tokens, first %d of each left out"
                .formatted(tokens, length, skipFirst);
    }
}
