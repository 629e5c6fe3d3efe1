package microtome.display;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Round numbers along an axis.
 *
 * @param range what the axis shows
 * @param values where the ticks are, rising
 * @param logarithmic true if equal distances are equal factors
 */
record Ticks(Range range, List<Double> values, boolean logarithmic) {
    private static final double[] ROUND = {1, 2, 2.5, 5, 10};

    /** About {@code wanted} ticks at multiples of 1, 2, 2.5 or 5 times a power of ten. */
    static Ticks linear(Range range, int wanted) {
        var step = step(range.high() - range.low(), wanted);
        var values = new ArrayList<Double>();
        var last = (long) Math.floor(range.high() / step + 1e-9);
        for (long k = (long) Math.ceil(range.low() / step - 1e-9); k <= last && values.size() <= 2 * wanted; k++) {
            values.add(k * step);
        }
        return new Ticks(range, values, false);
    }

    /** Powers of ten, with 2 and 5 between when there are few. Both ends of the range must be positive. */
    static Ticks logarithmic(Range range, int wanted) {
        var low = (int) Math.floor(Math.log10(range.low()));
        var high = (int) Math.ceil(Math.log10(range.high()));
        var every = Math.max(1, Math.ceilDiv(high - low, wanted));
        var factors = high - low <= 3 ? new double[] {1, 2, 5} : new double[] {1};
        var values = new ArrayList<Double>();
        for (int exponent = low; exponent <= high; exponent += every) {
            var power = Math.pow(10, exponent);
            DoubleStream.of(factors)
                    .map(factor -> factor * power)
                    .filter(value -> value >= range.low() * (1 - 1e-9) && value <= range.high() * (1 + 1e-9))
                    .forEach(values::add);
        }
        return new Ticks(range, values, true);
    }

    /** Where {@code value} lies, 0 at the low end and 1 at the high end. */
    double share(double value) {
        return logarithmic
                ? (Math.log10(value) - Math.log10(range.low())) / (Math.log10(range.high()) - Math.log10(range.low()))
                : range.share(value);
    }

    /** The value that lies at {@code share} of the axis. */
    double at(double share) {
        return logarithmic
                ? range.low() * Math.pow(range.high() / range.low(), share)
                : range.low() + share * (range.high() - range.low());
    }

    /** The tick's number, with as many digits as tell it from its neighbours. */
    String label(double value) {
        if (logarithmic || values.size() < 2) {
            return Significant.text(value, 3);
        }
        var step = values.get(1) - values.get(0);
        var lastDigit = exponent(step) - (isRound(step) ? 0 : 1);
        var largest = Math.max(Math.abs(values.getFirst()), Math.abs(values.getLast()));
        if (largest >= 1e6 || largest < 1e-3) {
            return Significant.text(value, Math.max(1, exponent(value) - lastDigit + 1));
        }
        return new BigDecimal(value)
                .setScale(Math.max(0, -lastDigit), RoundingMode.HALF_UP)
                .toPlainString();
    }

    List<String> labels() {
        return values.stream().map(this::label).toList();
    }

    private static double step(double span, int wanted) {
        var rough = span / wanted;
        var power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (var factor : ROUND) {
            if (factor * power >= rough * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static int exponent(double value) {
        return value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
    }

    /** True if one digit is enough to write {@code step}, which may carry rounding noise. */
    private static boolean isRound(double step) {
        var digit = step / Math.pow(10, exponent(step));
        return Math.abs(digit - Math.rint(digit)) < 1e-6;
    }
}
