package microtome.display;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Numbers cut to the digits that a reader can use: small notebooks, and no noise that looks like signal. */
final class Significant {
    /** Digits kept in the JSON of a figure. */
    static final int JSON_DIGITS = 5;

    private static final double LARGEST_WHOLE = 1L << 53;

    private Significant() {}

    /** {@code value} for a JSON tree: a {@code Long} when whole, else rounded; null for NaN and infinities. */
    static Number json(double value) {
        if (!Double.isFinite(value)) {
            return null;
        }
        var rounded = isWhole(value) ? value : round(value, JSON_DIGITS);
        if (isWhole(rounded)) {
            return (long) rounded; // not by ?:, which would make it a double again
        }
        return rounded;
    }

    /** A view of {@code values} for a JSON tree that boxes one number at a time. The array must not change. */
    static List<Number> json(double[] values) {
        return new JsonRow(values);
    }

    /** {@code value} with {@code digits} significant digits, whole numbers exactly; NaN and infinities by name. */
    static String text(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
        }
        if (isWhole(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        var decimal = new BigDecimal(value).round(new MathContext(digits));
        var exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent < -4 || exponent >= 15) {
            return scientific(decimal, exponent);
        }
        return decimal.stripTrailingZeros().toPlainString();
    }

    private static String scientific(BigDecimal decimal, int exponent) {
        return decimal.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }

    private static double round(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
    }

    private static boolean isWhole(double value) {
        return Math.abs(value) <= LARGEST_WHOLE && value == Math.rint(value);
    }

    private static final class JsonRow extends AbstractList<Number> implements RandomAccess {
        private final double[] values;

        JsonRow(double[] values) {
            this.values = values;
        }

        @Override
        public Number get(int index) {
            return json(values[index]);
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}
