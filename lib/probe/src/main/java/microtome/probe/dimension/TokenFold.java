package microtome.probe.dimension;

import java.util.Arrays;
import java.util.SplittableRandom;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * The sum of all directions, and a sample in which every row stands with the same probability (Vitter's algorithm R). With
 * one seed the samples of all layers are of the same tokens.
 */
final class TokenFold implements Fold<TokenFold.Tokens> {
    private final double[][] sample;
    private final SplittableRandom random;
    private Directions.Sum sum;
    private long seen;
    private String wrong = "";

    /**
     * What was found.
     *
     * @param directions of all rows
     * @param sample rows drawn from all
     * @param wrong where the first number stands that is not finite, and which it is; empty if there is none
     */
    record Tokens(Directions directions, double[][] sample, String wrong) {}

    TokenFold(DimensionOptions options) {
        this.sample = new double[options.sample()][];
        this.random = new SplittableRandom(options.seed());
    }

    @Override
    public void begin(Engine engine, int features) {
        sum = new Directions.Sum(features);
    }

    @Override
    public void accept(Tensor rows, RowPlaces places) {
        float[] values = rows.toFloats();
        int width = values.length / places.rows();
        for (int row = 0; row < places.rows(); row++) {
            double[] state = new double[width];
            for (int i = 0; i < width; i++) {
                state[i] = values[row * width + i];
                if (!Double.isFinite(state[i]) && wrong.isEmpty()) {
                    wrong = "document %d, position %d, element %d is %s"
                            .formatted(places.documents()[row], places.positions()[row], i, state[i]);
                }
            }
            sum.add(state);
            draw(state);
        }
    }

    private void draw(double[] state) {
        long place = seen < sample.length ? seen : random.nextLong(seen + 1);
        seen++;
        if (place < sample.length) {
            sample[(int) place] = state;
        }
    }

    @Override
    public Tokens result() {
        return new Tokens(sum.directions(), Arrays.copyOf(sample, (int) Math.min(seen, sample.length)), wrong);
    }
}
