package microtome.probe.geometry.control;

import java.util.SplittableRandom;
import microtome.probe.data.prompt.PromptStates;

/**
 * The states in random directions with normal coordinates of variance {@code 1 / dimensions}, so that squared lengths stay the
 * same in expectation.
 *
 * @param dimensions how many directions, at least 1
 * @param seed of the draws
 * @see <a href="https://doi.org/10.1090/conm/026/737400">Johnson and Lindenstrauss 1984</a>
 */
public record RandomProjection(int dimensions, long seed) implements StatesControl {
    /** Checks that there is a direction. */
    public RandomProjection {
        if (dimensions < 1) {
            throw new IllegalArgumentException(
                    "random projection to %d dimensions: need at least 1".formatted(dimensions));
        }
    }

    @Override
    public String label() {
        return "random projection to %d dimensions, seed %d".formatted(dimensions, seed);
    }

    @Override
    public PromptStates of(PromptStates states) {
        var random = new SplittableRandom(seed);
        var directions = new double[dimensions][states.width()];
        for (double[] direction : directions) {
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextGaussian() / Math.sqrt(dimensions);
            }
        }
        return Projecting.of(states, directions);
    }
}
