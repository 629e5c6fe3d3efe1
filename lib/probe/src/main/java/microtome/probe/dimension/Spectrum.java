package microtome.probe.dimension;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import microtome.model.corpus.fold.Covariance;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * The variances of states along their principal components, and in how many dimensions they therefore lie. With
 * {@code p_i} the share of component i in all variance, every measure is 1 for one component and D for D equal ones.
 *
 * @param n number of states
 * @param width elements of a state
 * @param variances with {@code n - 1} degrees of freedom, falling, at most {@code min(n - 1, width)} of them
 */
public record Spectrum(long n, int width, double[] variances) {
    private static final double SINGLE = 0x1p-23;

    /** Checks that there are no more variances than the states can have. */
    public Spectrum {
        if (n < 1 || variances.length != Math.min(n - 1, width)) {
            throw new IllegalArgumentException("%d variances of %d states of width %d: need min(n - 1, width) of them"
                    .formatted(variances.length, n, width));
        }
        variances = variances.clone();
    }

    /**
     * Of plain states.
     *
     * @param rows {@code [states][width]}
     * @throws IllegalArgumentException if a number is not finite
     */
    public static Spectrum of(double[][] rows) {
        double[][] centred = Rows.centred(Rows.checked(rows));
        int n = centred.length;
        int width = centred[0].length;
        var states = new DMatrixRMaj(centred);
        var products = new DMatrixRMaj(Math.min(n, width), Math.min(n, width));
        if (n <= width) {
            CommonOps_DDRM.multTransB(states, states, products);
        } else {
            CommonOps_DDRM.multTransA(states, states, products);
        }
        return of(n, width, products);
    }

    /** As {@link #of(double[][])}. */
    public static Spectrum of(float[][] rows) {
        return of(Rows.checked(rows));
    }

    /**
     * Of states that were folded into their covariance; none of them is needed. States that differ by no more than the rounding
     * of single precision, in which the fold multiplies, count as constant.
     */
    public static Spectrum of(Covariance folded) {
        var scatter = new DMatrixRMaj(folded.scatter());
        double rounding = folded.count() * Vectors.dot(folded.mean(), folded.mean()) * SINGLE * SINGLE;
        if (CommonOps_DDRM.trace(scatter) <= rounding) {
            scatter.zero();
        }
        return of(folded.count(), folded.features(), scatter);
    }

    /** Of the sums of products of centred states, element by element or state by state. */
    private static Spectrum of(long n, int width, DMatrixRMaj products) {
        var eigen = DecompositionFactory_DDRM.eig(products.numRows, false, true);
        if (!eigen.decompose(products)) {
            throw new ArithmeticException(
                    "the covariance of %d states of width %d has no eigenvalues; its numbers are too large or not finite"
                            .formatted(n, width));
        }
        double[] falling = IntStream.range(0, products.numRows)
                .mapToDouble(i -> -Math.max(0, eigen.getEigenvalue(i).getReal()) / Math.max(1, n - 1))
                .sorted()
                .map(negative -> -negative + 0.0)
                .toArray();
        return new Spectrum(n, width, Arrays.copyOf(falling, (int) Math.min(n - 1, width)));
    }

    @Override
    public double[] variances() {
        return variances.clone();
    }

    /** The most dimensions that so many states of this width can show. */
    public int bound() {
        return variances.length;
    }

    /** The sum of all variances. */
    public double total() {
        return DoubleStream.of(variances).sum();
    }

    /** {@code 1 / sum p²}; NaN without variance, as every measure here. */
    public double participationRatio() {
        double total = total();
        return isFlat()
                ? Double.NaN
                : 1
                        / DoubleStream.of(variances)
                                .map(v -> v / total * (v / total))
                                .sum();
    }

    /** {@code exp(-sum p ln p)} with the shares of the variances. */
    public double effectiveRankOfVariances() {
        return effectiveRank(variances);
    }

    /**
     * {@code exp(-sum q ln q)} with the shares of the singular values, as Roy and Vetterli define it; two to three times the one
     * of the variances.
     *
     * @see <a href="https://www.eurasip.org/Proceedings/Eusipco/Eusipco2007/Papers/a5p-h05.pdf">Roy and Vetterli 2007</a>
     */
    public double effectiveRankOfSingularValues() {
        return effectiveRank(DoubleStream.of(variances).map(Math::sqrt).toArray());
    }

    /** The sum of all variances over the largest. */
    public double stableRank() {
        return isFlat() ? Double.NaN : total() / variances[0];
    }

    /** The share of the first component in all variance. */
    public double topShare() {
        return isFlat() ? Double.NaN : variances[0] / total();
    }

    /** True if the states do not vary, or there is one only. */
    public boolean isFlat() {
        return !(total() > 0);
    }

    private double effectiveRank(double[] amounts) {
        double sum = DoubleStream.of(amounts).sum();
        return isFlat()
                ? Double.NaN
                : Math.exp(-DoubleStream.of(amounts)
                        .filter(amount -> amount > 0)
                        .map(amount -> amount / sum * Math.log(amount / sum))
                        .sum());
    }
}
