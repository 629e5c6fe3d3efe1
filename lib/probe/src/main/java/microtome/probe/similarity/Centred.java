package microtome.probe.similarity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.ejml.data.DMatrixRMaj;

/**
 * A representation minus the mean of each column, made row by row when it is asked for. Means and lengths are sums in
 * double precision.
 */
final class Centred {
    private static final double DOUBLE_STEP = 0x1p-52;

    private final Representation source;
    private final double[] mean;
    private final double[] squaredLengths;
    private final double trace;

    Centred(Representation source) {
        this.source = source;
        this.mean = new double[source.width()];
        this.squaredLengths = new double[source.rows()];
        double before = sums();
        this.trace = before <= 0 ? 0 : spread(before);
    }

    /** Fills in the mean and gives the sum of all squares. */
    private double sums() {
        var row = new double[mean.length];
        double squares = 0;
        for (int index = 0; index < source.rows(); index++) {
            source.copy(index, row);
            for (int i = 0; i < row.length; i++) {
                mean[i] += row[i];
                squares += row[i] * row[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= source.rows();
        }
        return squares;
    }

    /** Fills in the lengths and gives their sum; what is left of constant columns by rounding of the mean is 0. */
    private double spread(double before) {
        var row = new double[mean.length];
        double sum = 0;
        for (int index = 0; index < source.rows(); index++) {
            row(index, row);
            double squares = 0;
            for (double value : row) {
                squares += value * value;
            }
            squaredLengths[index] = squares;
            sum += squares;
        }
        double roundingOfMean = source.rows() * DOUBLE_STEP;
        return sum <= roundingOfMean * roundingOfMean * before ? 0 : sum;
    }

    String name() {
        return source.name();
    }

    int rows() {
        return source.rows();
    }

    int width() {
        return mean.length;
    }

    /** The mean of each column. */
    double[] mean() {
        return mean;
    }

    /** Whether every row is the same, so that nothing can be compared with it. */
    boolean isConstant() {
        return trace == 0;
    }

    /** The sum of all squares. */
    double trace() {
        return trace;
    }

    /** The squared length of every row; the diagonal of the Gram matrix. */
    double[] squaredLengths() {
        return squaredLengths;
    }

    /** One row. */
    void row(int index, double[] target) {
        source.copy(index, target);
        for (int i = 0; i < target.length; i++) {
            target[i] -= mean[i];
        }
    }

    /** Some rows, as a matrix of doubles. */
    DMatrixRMaj block(int from, int to) {
        var block = new DMatrixRMaj(to - from, width());
        var row = new double[width()];
        for (int index = from; index < to; index++) {
            row(index, row);
            System.arraycopy(row, 0, block.data, (index - from) * width(), width());
        }
        return block;
    }

    /** All rows, as a matrix of doubles. */
    DMatrixRMaj matrix() {
        return block(0, rows());
    }

    /** Some rows times a factor, rounded to floats once, in row-major order from a byte on. */
    void panel(int from, int to, double factor, MemorySegment target) {
        var row = new double[width()];
        var rounded = new float[width()];
        for (int index = from; index < to; index++) {
            source.copy(index, row);
            for (int i = 0; i < row.length; i++) {
                rounded[i] = (float) ((row[i] - mean[i]) * factor);
            }
            long at = (long) (index - from) * row.length * Float.BYTES;
            MemorySegment.copy(rounded, 0, target, ValueLayout.JAVA_FLOAT, at, row.length);
        }
    }
}
