package microtome.probe.update;

import java.util.Arrays;
import microtome.probe.data.Copies;

/**
 * What replacing states did, {@code [blocks][classes][tokens]}; NaN where there is no map, or the work was stopped.
 *
 * @param error {@code |r|} at the token
 * @param relative {@code |r| / |u|} at the token
 * @param divergence {@code KL(p original || p new)} of the next token, in nats
 * @param distance {@code |p original - p new|}
 */
public record TokenEffects(double[][][] error, double[][][] relative, double[][][] divergence, double[][][] distance) {
    /** Nothing yet. */
    static TokenEffects none(int blocks, int classes, int tokens) {
        return new TokenEffects(
                gaps(blocks, classes, tokens),
                gaps(blocks, classes, tokens),
                gaps(blocks, classes, tokens),
                gaps(blocks, classes, tokens));
    }

    private static double[][][] gaps(int blocks, int classes, int tokens) {
        var values = new double[blocks][classes][tokens];
        for (double[][] block : values) {
            for (double[] row : block) {
                Arrays.fill(row, Double.NaN);
            }
        }
        return values;
    }

    /** Copies of everything. */
    TokenEffects copy() {
        return new TokenEffects(Copies.of(error), Copies.of(relative), Copies.of(divergence), Copies.of(distance));
    }
}
