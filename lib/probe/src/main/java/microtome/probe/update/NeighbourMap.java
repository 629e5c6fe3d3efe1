package microtome.probe.update;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.probe.data.Vectors;
import microtome.tensor.Engine;

/**
 * A ridge regression of its own for every token, on the fit tokens whose directions are nearest. In its dual form it costs
 * {@code k^2 d + k^3} for a token.
 *
 * @param before {@code [tokens, width]} kept fit tokens before the block
 * @param after {@code [tokens, width]} the same behind it
 * @param neighbours how many are fitted on, at most as many as there are
 */
record NeighbourMap(float[] before, float[] after, int width, int neighbours) implements UpdateMap {
    private static final int ROWS = 256;

    int tokens() {
        return before.length / width;
    }

    @Override
    public double[][] updates(Engine engine, float[] states) {
        int rows = states.length / width;
        var result = new double[rows][];
        float[] directions = directions(before);
        for (int from = 0; from < rows; from += ROWS) {
            Progress.stopIfInterrupted("local maps");
            int to = Math.min(rows, from + ROWS);
            float[] part = Arrays.copyOfRange(states, from * width, to * width);
            float[] cosines = cosines(engine, directions(part), directions);
            for (int row = from; row < to; row++) {
                int[] nearest = nearest(cosines, (row - from) * tokens());
                result[row] = update(Rows.row(states, row, width), nearest);
            }
        }
        return result;
    }

    private float[] directions(float[] rows) {
        var result = new float[rows.length];
        for (int row = 0; row < rows.length / width; row++) {
            double norm = Math.max(Vectors.norm(Rows.row(rows, row, width)), Vectors.SHORTEST);
            for (int i = row * width; i < (row + 1) * width; i++) {
                result[i] = (float) (rows[i] / norm);
            }
        }
        return result;
    }

    /** {@code [rows, tokens]}; between unit vectors the nearest are those with the largest cosine. */
    private float[] cosines(Engine engine, float[] rows, float[] tokens) {
        try (var _ = engine.openScope()) {
            return engine.tensor(rows, rows.length / width, width)
                    .matmulTransposed(engine.tensor(tokens, tokens(), width))
                    .toFloats();
        }
    }

    private int[] nearest(float[] cosines, int from) {
        return IntStream.range(0, tokens())
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -cosines[from + token]))
                .limit(neighbours)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[] update(double[] state, int[] nearest) {
        var states = new double[nearest.length][];
        var updates = new double[nearest.length][];
        for (int k = 0; k < nearest.length; k++) {
            states[k] = Rows.row(before, nearest[k], width);
            updates[k] = Rows.row(after, nearest[k], width);
            UpdateMap.add(-1, states[k], updates[k]);
        }
        double[] stateMean = centre(states);
        double[] result = centre(updates);
        UpdateMap.add(-1, stateMean, state);
        double[] weights = Ridge.dualWeights(states, state);
        for (int k = 0; k < weights.length; k++) {
            UpdateMap.add(weights[k], updates[k], result);
        }
        return result;
    }

    /** Takes the mean from every row and gives it. */
    private double[] centre(double[][] rows) {
        var mean = new double[width];
        for (double[] row : rows) {
            UpdateMap.add(1.0 / rows.length, row, mean);
        }
        for (double[] row : rows) {
            UpdateMap.add(-1, mean, row);
        }
        return mean;
    }
}
