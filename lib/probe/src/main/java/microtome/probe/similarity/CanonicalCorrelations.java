package microtome.probe.similarity;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * How well directions of one representation can be read off another by linear maps: correlations of the best pair of
 * directions, of the best pair at right angles to it, and so on.
 *
 * @param correlations in falling order, 0..1; as many as the smaller of the two has components
 * @param keptOfFirst components of the first that were compared
 * @param keptOfSecond components of the second that were compared
 * @param weightedByFirst mean of the correlations, weighted by how much of the first each canonical variable carries
 * @param weightedBySecond as {@code weightedByFirst}, with the weights of the second
 * @param rows inputs
 * @see <a href="https://arxiv.org/abs/1706.05806">Raghu et al. 2017</a> (SVCCA)
 * @see <a href="https://arxiv.org/abs/1806.05759">Morcos et al. 2018</a> (weights)
 */
public record CanonicalCorrelations(
        double[] correlations,
        int keptOfFirst,
        int keptOfSecond,
        double weightedByFirst,
        double weightedBySecond,
        int rows) {
    /** With fewer rows for each component, correlations are mostly chance, and this is refused. */
    public static final int LEAST_ROWS_PER_COMPONENT = 2;

    /** With fewer rows for each component there is a warning. */
    public static final int GOOD_ROWS_PER_COMPONENT = 5;

    /**
     * Of all directions in which the matrices vary by more than {@code 1e-6} of the most.
     *
     * @throws IllegalArgumentException if they differ in rows, a number is not finite, one does not vary, or there are fewer
     *     than two rows for each component
     */
    public static CanonicalCorrelations of(double[][] first, double[][] second) {
        return of(first, second, 1);
    }

    /**
     * Of the fewest principal components of each that carry a part of its variance, such as 0.99 (SVCCA).
     *
     * @throws IllegalArgumentException as {@link #of(double[][], double[][])}
     */
    public static CanonicalCorrelations of(double[][] first, double[][] second, double variance) {
        return of(Representation.of("the first", first), Representation.of("the second", second), variance);
    }

    /** As {@link #of(double[][], double[][], double)}. */
    public static CanonicalCorrelations of(Representation first, Representation second, double variance) {
        SimilarityMeasure.requireShare(variance);
        Similarity.requireSameRows(List.of(first, second));
        var left = new Centred(first);
        var right = new Centred(second);
        for (Centred each : List.of(left, right)) {
            if (each.isConstant()) {
                throw new IllegalArgumentException(each.name() + ": " + Reasons.CONSTANT);
            }
        }
        Subspace ofFirst = Subspace.of(left, variance);
        Subspace ofSecond = Subspace.of(right, variance);
        String refused = refusal(ofFirst, ofSecond);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(refused);
        }
        return of(ofFirst, ofSecond);
    }

    /** Why two subspaces cannot be compared: which of them has too many components; empty when they can. */
    static String refusal(Subspace first, Subspace second) {
        Subspace larger = first.kept() >= second.kept() ? first : second;
        int rows = larger.source().rows();
        int least = LEAST_ROWS_PER_COMPONENT * larger.kept();
        return rows >= least
                ? ""
                : "%s has %d components on %d rows, whose correlations would be 1 or nearly so by chance; give at least %d rows, or keep less of the variance, as svcca(0.5) does"
                        .formatted(larger.source().name(), larger.kept(), rows, least);
    }

    static CanonicalCorrelations of(Subspace first, Subspace second) {
        var products = new DMatrixRMaj(first.kept(), second.kept());
        CommonOps_DDRM.multTransA(first.basis(), second.basis(), products);
        var singular = DecompositionFactory_DDRM.svd(products.numRows, products.numCols, true, true, true);
        if (!singular.decompose(products)) {
            throw new ArithmeticException("the canonical correlations of %s and %s were not found"
                    .formatted(first.source().name(), second.source().name()));
        }
        DMatrixRMaj left = singular.getU(null, false);
        DMatrixRMaj values = singular.getW(null);
        DMatrixRMaj right = singular.getV(null, false);
        SingularOps_DDRM.descendingOrder(left, false, values, right, false);
        int count = Math.min(first.kept(), second.kept());
        var correlations = new double[count];
        Arrays.setAll(correlations, i -> Math.clamp(values.get(i, i), 0, 1));
        return new CanonicalCorrelations(
                correlations,
                first.kept(),
                second.kept(),
                weighted(correlations, first, left),
                weighted(correlations, second, right),
                first.source().rows());
    }

    /** {@code sum a[i] rho[i] / sum a[i]} with {@code a[i] = sum over columns x of |h[i] . x|}, h the canonical variables. */
    private static double weighted(double[] correlations, Subspace of, DMatrixRMaj turn) {
        var variables = new DMatrixRMaj(of.basis().numRows, turn.numCols);
        CommonOps_DDRM.mult(of.basis(), turn, variables);
        var loads = new DMatrixRMaj(turn.numCols, of.matrix().numCols);
        CommonOps_DDRM.multTransA(variables, of.matrix(), loads);
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < correlations.length; i++) {
            double weight = 0;
            for (int column = 0; column < loads.numCols; column++) {
                weight += Math.abs(loads.get(i, column));
            }
            sum += weight * correlations[i];
            weights += weight;
        }
        return sum / weights;
    }

    /** The mean correlation. */
    public double mean() {
        return Arrays.stream(correlations).average().orElseThrow();
    }

    /** Whether there are fewer rows for each component than give steady numbers. */
    public boolean isUncertain() {
        return rows < GOOD_ROWS_PER_COMPONENT * Math.max(keptOfFirst, keptOfSecond);
    }

    /** The correlations, as a copy. */
    @Override
    public double[] correlations() {
        return correlations.clone();
    }
}
