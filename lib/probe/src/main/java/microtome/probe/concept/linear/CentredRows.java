package microtome.probe.concept.linear;

import java.util.Arrays;

/**
 * Rows seen minus their mean and, if they are standardised, over their standard deviation; the rows themselves stay as they
 * are. A feature that is the same in all rows counts as 0.
 *
 * @param rows {@code [rows][width]}
 * @param mean of every feature
 * @param inverse what the difference from the mean is multiplied with
 */
record CentredRows(float[][] rows, double[] mean, double[] inverse) {

    static CentredRows of(float[][] rows, boolean standardised) {
        int width = rows[0].length;
        var mean = new double[width];
        for (float[] row : rows) {
            Vectors.add(1, row, mean);
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

    /** All rows as they are seen, with a 1 behind each, in row-major order. */
    float[] withOnes() {
        int columns = width() + 1;
        var all = new float[Math.multiplyExact(size(), columns)];
        Arrays.fill(all, 1);
        for (int row = 0; row < size(); row++) {
            for (int i = 0; i < columns - 1; i++) {
                all[row * columns + i] = (float) ((rows[row][i] - mean[i]) * inverse[i]);
            }
        }
        return all;
    }
}
