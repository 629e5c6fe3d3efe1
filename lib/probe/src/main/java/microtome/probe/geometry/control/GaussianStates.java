package microtome.probe.geometry.control;

import java.util.SplittableRandom;
import microtome.probe.data.prompt.PromptStates;

/**
 * Independent normal numbers: every dimension of every layer keeps its mean and standard deviation over the prompts, and
 * nothing else stays.
 *
 * @param seed of the draws
 */
public record GaussianStates(long seed) implements StatesControl {
    @Override
    public String label() {
        return "Gaussian with matched moments, seed " + seed;
    }

    @Override
    public PromptStates of(PromptStates states) {
        var random = new SplittableRandom(seed);
        int prompts = states.prompts().size();
        var drawn = new float[states.states().length][prompts][states.width()];
        for (int layer = 0; layer < drawn.length; layer++) {
            for (int dimension = 0; dimension < states.width(); dimension++) {
                double[] moments = moments(states.states()[layer], dimension);
                for (int prompt = 0; prompt < prompts; prompt++) {
                    drawn[layer][prompt][dimension] = (float) (moments[0] + moments[1] * random.nextGaussian());
                }
            }
        }
        return new PromptStates(states.prompts(), states.layers(), drawn, states.origin());
    }

    /** Mean and standard deviation (over n, as numpy has it) of one dimension. */
    private static double[] moments(float[][] rows, int dimension) {
        double sum = 0;
        for (float[] row : rows) {
            sum += row[dimension];
        }
        double mean = sum / rows.length;
        double squares = 0;
        for (float[] row : rows) {
            squares += (row[dimension] - mean) * (row[dimension] - mean);
        }
        return new double[] {mean, Math.sqrt(squares / rows.length)};
    }
}
