package microtome.tensor.conformance;

import microtome.tensor.DType;

/**
 * How far a result may be from the exact one: {@code perMagnitude} times the sum of the absolute terms, plus
 * {@code perValue} times the result, plus the smallest normal number of the type.
 *
 * @see <a href="https://doi.org/10.1137/18M1226312">Higham and Mary 2019: rounding errors of a sum grow like the square root
 *     of its terms, with a constant that sets the probability</a>
 */
public record Tolerance(DType type, double perMagnitude, double perValue) {
    /** A larger error than this many square roots has probability below 2 exp(-18) per result. */
    private static final double DEVIATIONS = 6;
    /** Units in the last place that a polynomial for exp, tanh, erf, sin, ... may be wrong by, argument included. */
    private static final double FUNCTION_UNITS = 16;

    /** A sum of this many terms, accumulated in F32 (in F64 for F64) and rounded once to the type. */
    public static Tolerance ofSum(DType type, long terms) {
        double growth = Math.min(Math.max(terms, 1), DEVIATIONS * Math.sqrt(terms));
        return new Tolerance(type, growth * unit(working(type)), unit(type));
    }

    /** An elementary function, computed in F32 (in F64 for F64) and rounded once to the type. */
    public static Tolerance ofFunction(DType type) {
        return new Tolerance(type, FUNCTION_UNITS * unit(working(type)), unit(type));
    }

    /** Both errors, one after the other. */
    public Tolerance and(Tolerance other) {
        return new Tolerance(type, perMagnitude + other.perMagnitude, Math.max(perValue, other.perValue));
    }

    /** Terms are rounded to this type before they are summed. */
    public Tolerance roundingTermsTo(DType rounded) {
        return new Tolerance(type, perMagnitude + unit(rounded), perValue);
    }

    /** The largest error of a result of this value from terms of this magnitude. */
    public double bound(double value, double magnitude) {
        return perMagnitude * magnitude + perValue * Math.abs(value) + smallestNormal();
    }

    private double smallestNormal() {
        return type == DType.F16 ? 0x1p-14 : type == DType.F64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
    }

    private static DType working(DType type) {
        return type == DType.F64 ? DType.F64 : DType.F32;
    }

    /** The largest relative error of rounding to nearest. */
    private static double unit(DType type) {
        return switch (type) {
            case F32 -> 0x1p-24;
            case BF16 -> 0x1p-8;
            case F16 -> 0x1p-11;
            case F64 -> 0x1p-53;
            default -> throw new IllegalArgumentException(type + " is not a floating point type");
        };
    }
}
