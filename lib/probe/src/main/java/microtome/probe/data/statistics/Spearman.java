package microtome.probe.data.statistics;

import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * How far two columns of numbers rise together: Pearson's correlation of their ranks, equal numbers sharing the mean of
 * theirs. Rows with NaN are left out.
 *
 * @param value from -1 to 1, or NaN
 * @param n rows that were used
 * @param leftOut rows that had a NaN
 * @param reason why there is no number, or empty
 * @see <a href="https://doi.org/10.2307/1412159">Spearman 1904</a>
 */
public record Spearman(double value, int n, int leftOut, String reason) {
    /** With three rows only four values are possible. */
    private static final int FEWEST = 4;

    /**
     * The rank correlation of two columns; NaN if there are fewer than four rows, or if a column is constant.
     *
     * @throws IllegalArgumentException if they are not equally long
     */
    public static Spearman of(double[] first, double[] second) {
        var pairs = Defined.Pairs.of(first, second, "Spearman's correlation");
        String reason = Pearson.reasonAgainst(pairs, FEWEST);
        double value = reason.isEmpty() ? Pearson.correlation(ranks(pairs.first()), ranks(pairs.second())) : Double.NaN;
        return new Spearman(value, pairs.n(), pairs.leftOut(), reason);
    }

    /**
     * The ranks from 1 on; equal numbers share the mean of theirs.
     *
     * @throws IllegalArgumentException for a NaN, which has no rank
     */
    public static double[] ranks(double[] numbers) {
        return new NaturalRanking(TiesStrategy.AVERAGE).apply(numbers);
    }
}
