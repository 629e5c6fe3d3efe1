package microtome.probe.update;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** States that are drawn, and states behind a step that is known. */
final class Planted {
    static final int PER_DOCUMENT = 10;

    private Planted() {}

    /** Standard normal states, {@code [tokens][width]}. */
    static float[][] normal(long seed, int tokens, int width) {
        var random = new SplittableRandom(seed);
        var states = new float[tokens][width];
        for (float[] state : states) {
            for (int i = 0; i < width; i++) {
                state[i] = (float) random.nextGaussian();
            }
        }
        return states;
    }

    /** Pairs with a known step, in documents of ten tokens. */
    static UpdatePairs pairs(float[][] before, UnaryOperator<double[]> step) {
        var after = new float[before.length][];
        for (int token = 0; token < before.length; token++) {
            double[] moved = step.apply(Rows.row(before[token], 0, before[token].length));
            after[token] = new float[moved.length];
            for (int i = 0; i < moved.length; i++) {
                after[token][i] = (float) moved[i];
            }
        }
        return UpdatePairs.of(before, after, PER_DOCUMENT);
    }

    /** A rotation: of each pair of neighbouring dimensions by its own angle, then of each shifted pair. */
    static double[] rotated(double[] state) {
        double[] result = state.clone();
        for (int offset = 0; offset < 2; offset++) {
            for (int i = offset; i + 1 < result.length; i += 2) {
                double angle = 0.3 + 0.1 * i;
                double first = result[i];
                result[i] = Math.cos(angle) * first - Math.sin(angle) * result[i + 1];
                result[i + 1] = Math.sin(angle) * first + Math.cos(angle) * result[i + 1];
            }
        }
        return result;
    }
}
