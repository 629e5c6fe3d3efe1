package microtome.probe.concept.linear;

import java.util.Arrays;
import microtome.probe.data.Vectors;

/**
 * Rows seen minus their mean and, if they are standardised, over their standard deviation; the rows themselves stay as they
 * are. A feature that is the same in all rows counts as 0.
 *
 * @param rows {@code [rows][width]}
 * @param mean of every feature
 * @param inverse what the difference from the mean is multiplied with
 */
record CentredRows(float[][] rows, double[] mean, double[] inverse) {
    /** A line of the cache has 16 floats. */
    private static final int ROWS_AT_ONCE = 32;

    static CentredRows of(float[][] rows, boolean standardised) {
        int width = rows[0].length;
        var mean = new double[width];
        for (float[] row : rows) {
            Additions.add(1, row, mean);
        }
        for (int i = 0; i < width; i++) {
            mean[i] /= rows.length;
        }
        var squares = new double[width];
        var varies = new boolean[width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                double difference = row[i] - mean[i];
                squares[i] += difference * difference;
                varies[i] |= row[i] != rows[0][i];
            }
        }
        var inverse = new double[width];
        for (int i = 0; i < width; i++) {
            double deviation = standardised ? Math.sqrt(squares[i] / rows.length) : 1;
            inverse[i] = varies[i] && deviation > 0 ? 1 / deviation : 0;
        }
        return new CentredRows(rows, mean, inverse);
    }

    int size() {
        return rows.length;
    }

    int width() {
        return mean.length;
    }

    /** Weights of centred features as weights of the raw ones. */
    double[] raw(double[] weights, int from) {
        var raw = new double[width()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = weights[from + i] * inverse[i];
        }
        return raw;
    }

    /** What a bias becomes when its weights read raw features. */
    double rawBias(double[] rawWeights, double bias) {
        return bias - Vectors.dot(rawWeights, mean);
    }

    /** One row as it is seen. */
    double[] row(int row) {
        var seen = new double[width()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = (rows[row][i] - mean[i]) * inverse[i];
        }
        return seen;
    }

    /** All rows as they are seen, with a 1 behind each, as columns: {@code [width + 1][rows]} in row-major order. */
    float[] columns() {
        var all = new float[Math.multiplyExact(size(), width() + 1)];
        Arrays.fill(all, width() * size(), all.length, 1);
        for (int from = 0; from < size(); from += ROWS_AT_ONCE) {
            int to = Math.min(size(), from + ROWS_AT_ONCE);
            for (int i = 0; i < width(); i++) {
                for (int row = from; row < to; row++) {
                    all[i * size() + row] = (float) ((rows[row][i] - mean[i]) * inverse[i]);
                }
            }
        }
        return all;
    }
}
