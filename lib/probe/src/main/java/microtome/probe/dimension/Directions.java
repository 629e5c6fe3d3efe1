package microtome.probe.dimension;

import microtome.probe.data.Vectors;

/**
 * How much states point the same way: the mean cosine over all pairs, {@code (|sum u|² - n) / (n (n - 1))} with the unit
 * vectors u.
 *
 * @param n states with a direction
 * @param leftOut states shorter than 1e-12, which have none
 * @param meanCosine NaN for fewer than two
 * @see <a href="https://arxiv.org/abs/1909.00512">Ethayarajh 2019</a>
 */
public record Directions(long n, long leftOut, double meanCosine) {
    private static final double SHORTEST = 1e-12;

    /**
     * Of plain states.
     *
     * @param rows {@code [states][width]}
     * @throws IllegalArgumentException if a number is not finite
     */
    public static Directions of(double[][] rows) {
        var sum = new Sum(Rows.checked(rows)[0].length);
        for (double[] row : rows) {
            sum.add(row);
        }
        return sum.directions();
    }

    /** Of plain states with their mean taken away: about 0 whatever the states are, unless few directions hold nearly all. */
    public static Directions centred(double[][] rows) {
        return of(Rows.centred(Rows.checked(rows)));
    }

    /** The sum of unit vectors so far. */
    static final class Sum {
        private final double[] sum;
        private long n;
        private long leftOut;

        Sum(int width) {
            sum = new double[width];
        }

        void add(double[] row) {
            double norm = Math.sqrt(Vectors.dot(row, row));
            if (norm < SHORTEST) {
                leftOut++;
                return;
            }
            n++;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i] / norm;
            }
        }

        Directions directions() {
            double cosine = n < 2 ? Double.NaN : (Vectors.dot(sum, sum) - n) / ((double) n * (n - 1));
            return new Directions(n, leftOut, cosine);
        }
    }
}
