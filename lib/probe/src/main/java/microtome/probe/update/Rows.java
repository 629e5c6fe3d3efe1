package microtome.probe.update;

import microtome.probe.data.Vectors;

/** Rows of matrices that lie in one array of floats. */
final class Rows {
    private Rows() {}

    /** Whether a row differs from another by more than nothing. */
    static boolean isMoved(float[] before, float[] after, int from, int width) {
        double squares = 0;
        for (int i = from; i < from + width; i++) {
            double difference = (double) after[i] - before[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares) >= Vectors.SHORTEST;
    }

    /** A row as double precision. */
    static double[] row(float[] rows, int row, int width) {
        var result = new double[width];
        for (int i = 0; i < width; i++) {
            result[i] = rows[row * width + i];
        }
        return result;
    }
}
