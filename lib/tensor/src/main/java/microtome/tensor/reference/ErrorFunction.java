package microtome.tensor.reference;

/** The error function to double precision. */
final class ErrorFunction {
    /** Beyond this, 1 - erf(x) is below half a unit in the last place of 1. */
    private static final double ALL = 6;

    private ErrorFunction() {}

    /** {@code 2 / sqrt(pi) * e^(-x²) * (x + 2/3 x³ + 4/15 x⁵ + ...)}, a series of positive terms. */
    static double erf(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (Math.abs(x) > ALL) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
