package microtome.probe.update;

/** Arithmetic on rows in double precision. What has no direction gives NaN, never 0: zero would mean orthogonal. */
final class Vectors {
    /** Vectors shorter than this have no direction. */
    static final double SHORTEST = 1e-12;

    private Vectors() {}

    /** In four sums, which a processor adds at once. */
    static double dot(double[] left, double[] right) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < left.length; i += 4) {
            first += left[i] * right[i];
            second += left[i + 1] * right[i + 1];
            third += left[i + 2] * right[i + 2];
            fourth += left[i + 3] * right[i + 3];
        }
        for (; i < left.length; i++) {
            first += left[i] * right[i];
        }
        return first + second + third + fourth;
    }

    static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    /** Cosine between two vectors, -1..1. */
    static double cosine(double[] left, double[] right) {
        double first = norm(left);
        double second = norm(right);
        return first < SHORTEST || second < SHORTEST
                ? Double.NaN
                : Math.clamp(dot(left, right) / (first * second), -1.0, 1.0);
    }

    /** Whether a row differs from another by more than nothing. */
    static boolean isMoved(float[] before, float[] after, int from, int width) {
        double squares = 0;
        for (int i = from; i < from + width; i++) {
            double difference = (double) after[i] - before[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares) >= SHORTEST;
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
