package microtome.cli;

import java.util.Arrays;
import java.util.Random;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;

/**
 * Matrix products compared with the same products in double precision: of one row, of a few and of many, because a backend
 * may compute each in another way.
 */
final class ProductCheck {
    private static final int[] ROWS = {1, 33, 129};
    private static final int DEPTH = 257;
    private static final int COLUMNS = 127;
    /** Multiples of this up to 4 have eight significant bits: BF16 holds them too. */
    private static final double STEP = 1.0 / 64;

    private static final double FLOAT_UNIT = 0x1p-24;
    /** Rounding errors of a sum grow like the square root of its terms; more than six times that is no rounding. */
    private static final double DEVIATIONS = 6;

    private final Random random = new Random(20261124);

    private ProductCheck() {}

    /** The largest error of any element, as a multiple of what rounding explains: at most 1 when products are right. */
    static double error(Engine engine, DType type) {
        var check = new ProductCheck();
        return Arrays.stream(ROWS)
                .mapToDouble(rows -> check.error(engine, type, rows))
                .max()
                .orElseThrow();
    }

    private double error(Engine engine, DType type, int rows) {
        float[] left = numbers(rows * DEPTH);
        float[] weight = numbers(COLUMNS * DEPTH);
        try (var _ = engine.openScope()) {
            var packed = engine.pack(engine.tensor(weight, COLUMNS, DEPTH), type);
            var inputs = engine.tensor(left, rows, DEPTH).cast(type);
            return error(
                    left,
                    weight,
                    engine.apply(new Op.MatMul(true, DType.F32), inputs, packed).toFloats());
        }
    }

    /** Of {@code product[i, j] = sum over k of left[i, k] weight[j, k]}. */
    static double error(float[] left, float[] weight, float[] product) {
        double worst = 0;
        for (int i = 0; i < product.length; i++) {
            double sum = 0;
            double magnitude = 0;
            for (int k = 0; k < DEPTH; k++) {
                double term = (double) left[i / COLUMNS * DEPTH + k] * weight[i % COLUMNS * DEPTH + k];
                sum += term;
                magnitude += Math.abs(term);
            }
            double bound = DEVIATIONS * Math.sqrt(DEPTH) * FLOAT_UNIT * magnitude + FLOAT_UNIT * Math.abs(sum);
            double error = Math.abs(product[i] - sum) / bound;
            worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        }
        return worst;
    }

    private float[] numbers(int count) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (Math.rint(Math.clamp(random.nextGaussian(), -4, 4) / STEP) * STEP);
        }
        return numbers;
    }
}
