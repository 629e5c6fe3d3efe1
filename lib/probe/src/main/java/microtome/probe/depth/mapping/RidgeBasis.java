package microtome.probe.depth.mapping;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The axes along which the features of a layer vary, so that ridge regression has a closed form for every lambda at once:
 * {@code W = V diag(1 / (e + lambda)) Vᵀ C}, with {@code V diag(e) Vᵀ} the sums of products of centred features and {@code C}
 * those with a target.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1970.10488634">Hoerl and Kennard 1970</a>
 */
final class RidgeBasis {
    /** What a sum of products in F32 is good for: below this part of the largest variance nothing is known. */
    private static final double NOISE = 0x1p-23;

    private final int width;
    private final DMatrixRMaj axes;
    private final double[] variances;

    /**
     * Finds the axes.
     *
     * @param gram sums of products of centred features, row-major and symmetric
     * @throws ArithmeticException if the axes are not found, as where a number is not finite
     */
    RidgeBasis(double[] gram, int width) {
        this.width = width;
        this.axes = new DMatrixRMaj(width, width);
        this.variances = new double[width];
        EigenDecomposition_F64<DMatrixRMaj> solver = DecompositionFactory_DDRM.eig(width, true, true);
        if (!solver.decompose(symmetric(gram))) {
            throw new ArithmeticException("the axes of %d features were not found".formatted(width));
        }
        for (int axis = 0; axis < width; axis++) {
            variances[axis] = Math.max(0, solver.getEigenvalue(axis).getReal());
            DMatrixRMaj vector = solver.getEigenVector(axis);
            for (int i = 0; i < width; i++) {
                axes.set(i, axis, vector.get(i));
            }
        }
    }

    private DMatrixRMaj symmetric(double[] gram) {
        var matrix = new DMatrixRMaj(width, width);
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                matrix.set(i, j, (gram[i * width + j] + gram[j * width + i]) / 2);
            }
        }
        return matrix;
    }

    /** The axes as columns, row-major. */
    float[] axes() {
        return floats(axes.data);
    }

    /** Sums of products with a target, seen along the axes: {@code Vᵀ C}, row-major {@code [axes, columns]}. */
    double[] along(double[] cross) {
        int columns = cross.length / width;
        var product = new DMatrixRMaj(width, columns);
        CommonOps_DDRM.multTransA(axes, DMatrixRMaj.wrap(width, columns, cross), product);
        return product.data;
    }

    /**
     * What every axis is divided by, inverted: {@code 1 / (e + lambda)}. Plain least squares leaves out axes along which
     * nothing varies but rounding.
     *
     * @param share lambda as a share of the mean of the variances
     */
    double[] factors(double share) {
        double mean = 0;
        double largest = 0;
        for (double variance : variances) {
            mean += variance / width;
            largest = Math.max(largest, variance);
        }
        var factors = new double[width];
        for (int axis = 0; axis < width; axis++) {
            boolean known = variances[axis] > largest * NOISE;
            factors[axis] = share > 0 && mean > 0 || known ? 1 / (variances[axis] + share * mean) : 0;
        }
        return factors;
    }

    static float[] floats(double[] numbers) {
        var floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
