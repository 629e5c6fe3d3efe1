package microtome.probe.dimension;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The intrinsic dimension of states by the ratio {@code mu = r2 / r1} of the distances to the two nearest others: around a
 * point of a sheet of dimension D, {@code P(mu > x) = x^-D}, whatever its density.
 *
 * @param fit slope through the origin of {@code y_i = -ln(1 - i/N)} over the rising {@code ln mu_i}, i = 1..floor(0.9 N)
 * @param ml the likeliest dimension, {@code (N - 1) / sum ln mu}
 * @param distinct N, the number of different states
 * @param duplicates states left out because another is the same in every bit
 * @see <a href="https://arxiv.org/abs/1803.06992">Facco et al. 2017</a>
 */
public record TwoNN(double fit, double ml, int distinct, int duplicates) {
    /** Different states that an estimate needs. */
    public static final int LEAST = 50;

    private static final double KEPT = 0.9;

    /**
     * The dimension of these states.
     *
     * @param rows {@code [states][width]}
     * @throws IllegalArgumentException if fewer than {@value #LEAST} are different, all are as far from their second as from
     *     their first neighbour, or a number is not finite
     */
    public static TwoNN of(double[][] rows) {
        double[][] distinct = Rows.distinct(Rows.checked(rows));
        requireEnough(distinct.length, rows.length);
        return of(NearestDistances.of(distinct, 2), rows.length - distinct.length);
    }

    /** As {@link #of(double[][])}. */
    public static TwoNN of(float[][] rows) {
        return of(Rows.checked(rows));
    }

    /** From the distances of every different state to at least two others. */
    static TwoNN of(double[][] nearest, int duplicates) {
        double[] logarithms = Arrays.stream(nearest)
                .mapToDouble(distances -> Math.log(distances[1] / distances[0]))
                .sorted()
                .toArray();
        double sum = DoubleStream.of(logarithms).sum();
        if (!(sum > 0)) {
            throw new IllegalArgumentException(
                    "all %d different states are as far from their second as from their first neighbour, as on a grid; their distances tell no dimension"
                            .formatted(nearest.length));
        }
        return new TwoNN(slope(logarithms), (nearest.length - 1) / sum, nearest.length, duplicates);
    }

    /** Why so few states give no estimate. */
    static void requireEnough(int distinct, int all) {
        if (distinct < LEAST) {
            throw new IllegalArgumentException(
                    "%d different states of %d; the two nearest neighbours tell a dimension from %d on, so give more"
                            .formatted(distinct, all, LEAST));
        }
    }

    private static double slope(double[] rising) {
        int kept = (int) (KEPT * rising.length);
        double products = 0;
        double squares = 0;
        for (int i = 1; i <= kept; i++) {
            double x = rising[i - 1];
            products -= x * Math.log1p(-(double) i / rising.length);
            squares += x * x;
        }
        return squares > 0 ? products / squares : Double.NaN;
    }
}
