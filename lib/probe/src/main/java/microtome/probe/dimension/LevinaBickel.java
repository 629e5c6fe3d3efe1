package microtome.probe.dimension;

import java.util.Arrays;

/**
 * The likeliest dimension of states by the distances {@code T_1 <= … <= T_k} to their k nearest others: around each,
 * {@code m_k = [1/(k-1) sum over j < k of ln(T_k / T_j)]^-1}.
 *
 * @see <a href="https://papers.nips.cc/paper/2577-maximum-likelihood-estimation-of-intrinsic-dimension">Levina and Bickel
 *     2004</a>
 * @see <a href="http://www.inference.org.uk/mackay/dimension/">MacKay and Ghahramani 2005</a>
 */
public final class LevinaBickel {
    private LevinaBickel() {}

    /**
     * The inverse of the mean of all {@code 1/m_k}, as MacKay and Ghahramani correct it.
     *
     * @param rows {@code [states][width]}; of equal ones one counts
     * @param k neighbours, at least 2 and fewer than there are different states
     * @throws IllegalArgumentException for another k, for numbers that are not finite, or if all k neighbours of all states are
     *     equally far
     */
    public static double dimension(double[][] rows, int k) {
        return inverseOfMean(nearest(rows, k), k);
    }

    /** As {@link #dimension(double[][], int)}. */
    public static double dimension(float[][] rows, int k) {
        return dimension(Rows.checked(rows), k);
    }

    /** The mean of all m_k, as first published; too large for small k. */
    public static double meanOfDimensions(double[][] rows, int k) {
        return Arrays.stream(nearest(rows, k))
                .mapToDouble(distances -> 1 / inverse(distances, k))
                .average()
                .orElse(Double.NaN);
    }

    /** From the distances of every different state to at least k others; NaN if all are equally far. */
    static double inverseOfMean(double[][] nearest, int k) {
        double mean = Arrays.stream(nearest)
                .mapToDouble(distances -> inverse(distances, k))
                .average()
                .orElse(0);
        return mean > 0 ? 1 / mean : Double.NaN;
    }

    private static double inverse(double[] distances, int k) {
        double sum = 0;
        for (int j = 0; j < k - 1; j++) {
            sum += Math.log(distances[k - 1] / distances[j]);
        }
        return sum / (k - 1);
    }

    private static double[][] nearest(double[][] rows, int k) {
        double[][] distinct = Rows.distinct(Rows.checked(rows));
        if (k < 2 || k >= distinct.length) {
            throw new IllegalArgumentException(
                    "%d nearest neighbours of %d different states: need at least 2 and fewer than there are states"
                            .formatted(k, distinct.length));
        }
        return NearestDistances.of(distinct, k);
    }
}
