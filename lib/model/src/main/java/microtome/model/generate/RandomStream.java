package microtome.model.generate;

import java.util.random.RandomGenerator;

/**
 * Random numbers of one sequence: SplitMix64. Its start is mixed from the seed, the tokens of the prompt, and which copy of
 * that prompt it is; so the numbers do not depend on what else is written beside it, on the machine or on the backend.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood 2014, Fast splittable pseudorandom number
 *     generators</a>
 */
final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    RandomStream(long seed) {
        this.state = seed;
    }

    /** The stream of the {@code copy}-th sequence, from 0, with this prompt. */
    static RandomStream of(long seed, int[] prompt, int copy) {
        long start = mixed(seed + GOLDEN_GAMMA);
        for (int id : prompt) {
            start = mixed(start + GOLDEN_GAMMA + id);
        }
        return new RandomStream(mixed(start + GOLDEN_GAMMA * (copy + 1L)));
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mixed(state);
    }

    private static long mixed(long value) {
        long bits = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
