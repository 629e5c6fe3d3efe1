package microtome.probe.update;

import java.util.SplittableRandom;

/**
 * Which documents are fitted on. Of documents {@code 2i} and {@code 2i+1} a seeded coin picks one, so that the halves are equal
 * however many documents there are, and the answer depends on seed and number alone.
 *
 * @param seed of all choices
 */
record DocumentSplit(long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    boolean isFit(long document) {
        long coin = priority(document / 2, -1) >>> 63;
        return (document & 1) == coin;
    }

    /** A random number that belongs to a place; samples are the places with the smallest ones, in whatever order they come. */
    long priority(long document, int position) {
        long ofDocument = new SplittableRandom(seed + GOLDEN * document).nextLong();
        return new SplittableRandom(ofDocument + GOLDEN * position).nextLong();
    }
}
