package microtome.probe.similarity;

import java.util.List;

/**
 * Linear centred kernel alignment of two representations: 1 for one that is the other turned and scaled, near 0 for
 * unrelated ones.
 *
 * @param debiased {@code HSIC1(K,L) / sqrt(HSIC1(K,K) HSIC1(L,L))}; may be slightly negative; NaN below four rows
 * @param biased {@code ||Y'X||^2 / (||X'X|| ||Y'Y||)}, 0..1, which grows with width over rows
 * @see <a href="https://arxiv.org/abs/1905.00414">Kornblith et al. 2019</a>
 */
public record Cka(double debiased, double biased) {
    /**
     * The alignment of two matrices {@code [rows, width]} with the same inputs as rows; NaN where one does not vary.
     *
     * @throws IllegalArgumentException if they differ in rows, or a number is not finite
     */
    public static Cka of(double[][] first, double[][] second) {
        return of(Representation.of("the first", first), Representation.of("the second", second));
    }

    /** As {@link #of(double[][], double[][])}. */
    public static Cka of(Representation first, Representation second) {
        Similarity.requireSameRows(List.of(first, second));
        GramSums sums = HostGrams.of(List.of(new Centred(first), new Centred(second)));
        return new Cka(
                ratio(sums.unbiased(0, 1), sums.unbiased(0, 0), sums.unbiased(1, 1)),
                ratio(sums.biased(0, 1), sums.biased(0, 0), sums.biased(1, 1)));
    }

    /** Both criteria of a representation with itself must be positive, else there is nothing to divide by. */
    static double ratio(double both, double first, double second) {
        if (!(first > 0 && second > 0)) {
            return Double.NaN;
        }
        return both / (first == second ? first : Math.sqrt(first) * Math.sqrt(second)); // with itself exactly 1
    }
}
