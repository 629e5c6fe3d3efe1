package microtome.probe.concept.linear;

/** Adding up vectors in place, in double precision. */
final class Additions {
    private Additions() {}

    /** {@code target += factor * row}. */
    static void add(double factor, float[] row, double[] target) {
        for (int i = 0; i < row.length; i++) {
            target[i] += factor * row[i];
        }
    }

    /** {@code target += factor * row}. */
    static void add(double factor, double[] row, double[] target) {
        for (int i = 0; i < row.length; i++) {
            target[i] += factor * row[i];
        }
    }

    /** {@code target += factor * row} from one element on. */
    static void addFrom(int from, double factor, double[] row, double[] target) {
        for (int i = from; i < target.length; i++) {
            target[i] += factor * row[i];
        }
    }

    static double[] times(double factor, double[] vector) {
        var scaled = new double[vector.length];
        add(factor, vector, scaled);
        return scaled;
    }

    static double max(double[] values) {
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            most = Math.max(most, value);
        }
        return most;
    }

    static double largest(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }
}
