package microtome.probe.update;

import java.util.Arrays;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Sums over the fit tokens of one block, of the states {@code x} before it and its updates {@code u}: all that the global classes
 * need. Tokens are not kept. Rows are moved by the mean of the first batch before they are multiplied, so that a mean far from 0
 * costs no digits; matrices are products in F32 of at most 1,024 rows, added in double precision.
 */
final class PairSums {
    private static final int ROWS = 1024;

    private final int width;
    private final boolean products;
    private double[] stateOrigin;
    private double[] updateOrigin;
    private final double[] states;
    private final double[] updates;
    private final double[] stateSquares;
    private final double[] stateUpdates;
    private final double[] statesByStates;
    private final double[] statesByUpdates;
    private long count;
    private long dropped;

    /** @param products whether the matrices of all pairs of dimensions are needed */
    PairSums(int width, boolean products) {
        this.width = width;
        this.products = products;
        states = new double[width];
        updates = new double[width];
        stateSquares = new double[width];
        stateUpdates = new double[width];
        statesByStates = new double[products ? width * width : 0];
        statesByUpdates = new double[products ? width * width : 0];
    }

    /** Fit tokens that count. */
    long count() {
        return count;
    }

    /** Fit tokens that the block did not move, which do not count. */
    long dropped() {
        return dropped;
    }

    int width() {
        return width;
    }

    /**
     * Adds tokens.
     *
     * @param before {@code [rows, width]} before the block
     * @param after {@code [rows, width]} behind it
     * @param chosen the rows that are fitted on
     */
    void add(Engine engine, float[] before, float[] after, int[] chosen) {
        int[] moved = moved(before, after, chosen);
        dropped += chosen.length - moved.length;
        if (moved.length == 0) {
            return;
        }
        if (stateOrigin == null) {
            stateOrigin = mean(before, null, moved);
            updateOrigin = mean(after, before, moved);
        }
        for (int from = 0; from < moved.length; from += ROWS) {
            addPart(engine, before, after, Arrays.copyOfRange(moved, from, Math.min(moved.length, from + ROWS)));
        }
        count += moved.length;
    }

    private void addPart(Engine engine, float[] before, float[] after, int[] part) {
        var x = new float[part.length * width];
        var u = new float[part.length * width];
        for (int row = 0; row < part.length; row++) {
            for (int i = 0; i < width; i++) {
                int from = part[row] * width + i;
                double state = before[from] - stateOrigin[i];
                double update = (double) after[from] - before[from] - updateOrigin[i];
                states[i] += state;
                updates[i] += update;
                stateSquares[i] += state * state;
                stateUpdates[i] += state * update;
                x[row * width + i] = (float) state;
                u[row * width + i] = (float) update;
            }
        }
        if (products) {
            try (var _ = engine.openScope()) {
                Tensor left = engine.tensor(x, part.length, width);
                Tensor transposed = left.permute(1, 0);
                add(transposed.matmul(left).toFloats(), statesByStates);
                add(transposed.matmul(engine.tensor(u, part.length, width)).toFloats(), statesByUpdates);
            }
        }
    }

    private static void add(float[] more, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }

    private int[] moved(float[] before, float[] after, int[] chosen) {
        return Arrays.stream(chosen)
                .filter(row -> Rows.isMoved(before, after, row * width, width))
                .toArray();
    }

    private double[] mean(float[] rows, float[] without, int[] chosen) {
        var mean = new double[width];
        for (int row : chosen) {
            for (int i = 0; i < width; i++) {
                int at = row * width + i;
                mean[i] += without == null ? rows[at] : (double) rows[at] - without[at];
            }
        }
        for (int i = 0; i < width; i++) {
            mean[i] /= chosen.length;
        }
        return mean;
    }

    /** Mean of the states. */
    double[] stateMean() {
        return moved(stateOrigin, states);
    }

    /** Mean of the updates. */
    double[] updateMean() {
        return moved(updateOrigin, updates);
    }

    private double[] moved(double[] origin, double[] sums) {
        var mean = new double[width];
        for (int i = 0; i < width; i++) {
            mean[i] = origin[i] + sums[i] / count;
        }
        return mean;
    }

    /** The sum of squares of every dimension of the states, about its mean. */
    double[] stateScatter() {
        return centred(stateSquares, states);
    }

    /** The sum of products of every dimension of states and updates, about their means. */
    double[] crossScatter() {
        return centred(stateUpdates, updates);
    }

    private double[] centred(double[] sums, double[] others) {
        var result = new double[width];
        for (int i = 0; i < width; i++) {
            result[i] = sums[i] - states[i] * others[i] / count;
        }
        return result;
    }

    /** {@code Xc'Xc}, row-major. */
    double[] statesByStates() {
        return centredMatrix(statesByStates, states);
    }

    /** {@code Xc'Uc}, row-major. */
    double[] statesByUpdates() {
        return centredMatrix(statesByUpdates, updates);
    }

    private double[] centredMatrix(double[] sums, double[] others) {
        double[] result = sums.clone();
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                result[i * width + j] -= states[i] * others[j] / count;
            }
        }
        return result;
    }
}
