package microtome.probe.data;

/** Arithmetic on vectors in double precision. What has no direction gives NaN, never 0: zero would mean orthogonal. */
public final class Vectors {
    /** Vectors shorter than this have no direction. */
    public static final double SHORTEST = 1e-12;

    private Vectors() {}

    /** The scalar product, in four sums side by side, so that an addition need not wait for the one before. */
    public static double dot(double[] left, double[] right) {
        return dot(left, right, right.length);
    }

    /** The scalar product of the first {@code count} elements. */
    public static double dot(double[] left, double[] right, int count) {
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

    /** The scalar product of a vector and one of floats. */
    public static double dot(double[] left, float[] right) {
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

    /** The length. */
    public static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    /** The vector from {@code right} to {@code left}. */
    public static double[] minus(double[] left, double[] right) {
        var difference = new double[left.length];
        for (int i = 0; i < left.length; i++) {
            difference[i] = left[i] - right[i];
        }
        return difference;
    }

    /** The vector of length 1 in the same direction, or null if there is no direction. */
    public static double[] unit(double[] vector) {
        double norm = norm(vector);
        if (norm < SHORTEST) {
            return null;
        }
        var unit = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = vector[i] / norm;
        }
        return unit;
    }

    /** Cosine between two vectors, -1..1; NaN if one has no direction. */
    public static double cosine(double[] left, double[] right) {
        double lengths = norm(left) * norm(right);
        boolean directed = norm(left) >= SHORTEST && norm(right) >= SHORTEST;
        return directed ? Math.clamp(dot(left, right) / lengths, -1.0, 1.0) : Double.NaN;
    }

    /**
     * Angle between two vectors, 0..pi. Twice the angle to their bisector rather than an arc cosine, which loses half of
     * its digits for vectors that are almost parallel.
     */
    public static double angle(double[] left, double[] right) {
        double[] a = unit(left);
        double[] b = unit(right);
        if (a == null || b == null) {
            return Double.NaN;
        }
        double apart = 0;
        double together = 0;
        for (int i = 0; i < a.length; i++) {
            apart += (a[i] - b[i]) * (a[i] - b[i]);
            together += (a[i] + b[i]) * (a[i] + b[i]);
        }
        return 2 * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
    }

    /** Distance between two vectors after each was brought to length 1, 0..2. */
    public static double unitDistance(double[] left, double[] right) {
        double[] a = unit(left);
        double[] b = unit(right);
        return a == null || b == null ? Double.NaN : norm(minus(a, b));
    }
}
