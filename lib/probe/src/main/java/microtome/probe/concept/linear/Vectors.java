package microtome.probe.concept.linear;

/** Sums over vectors, in double precision. */
final class Vectors {
    private Vectors() {}

    /** Four sums side by side, so that an addition need not wait for the one before. */
    static double dot(double[] left, float[] right) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < right.length; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        for (; i < right.length; i++) {
            a += left[i] * right[i];
        }
        return a + b + (c + d);
    }

    static double dot(double[] left, double[] right) {
        return dot(left, right, right.length);
    }

    /** Over the first {@code count} elements. */
    static double dot(double[] left, double[] right, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }
        for (; i < count; i++) {
            a += left[i] * right[i];
        }
        return a + b + (c + d);
    }

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

    static double[] minus(double[] left, double[] right) {
        var difference = left.clone();
        add(-1, right, difference);
        return difference;
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
