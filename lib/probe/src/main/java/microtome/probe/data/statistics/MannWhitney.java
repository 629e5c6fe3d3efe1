package microtome.probe.data.statistics;

import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Whether numbers of one group tend to be larger than those of another: the two-sided test of Mann and Whitney. NaN is left
 * out.
 *
 * @param u1 how many pairs have the first group's number larger, equal ones counting half; NaN if a group is empty
 * @param p two-sided; 1 when all numbers are equal
 * @param rankBiserial effect size {@code 2 u1 / (n1 n2) - 1}, from -1 (the first group is always smaller) to 1
 * @param n1 numbers of the first group
 * @param n2 numbers of the second group
 * @param leftOut how many were NaN
 * @param method how {@code p} was found
 * @param reason why there is no number, or empty
 * @see <a href="https://doi.org/10.1214/aoms/1177730491">Mann and Whitney 1947</a>
 */
public record MannWhitney(
        double u1, double p, double rankBiserial, int n1, int n2, int leftOut, Method method, String reason) {
    /** The size of the smaller group up to which the null distribution is enumerated. */
    private static final int EXACT_UP_TO = 8;

    /** How a p-value was found. */
    public enum Method {
        /** From all orders of the numbers. */
        EXACT("exact"),
        /** From the normal distribution, with corrections for ties and continuity. */
        NORMAL("normal approximation with tie correction and continuity correction"),
        /** Not at all: there was nothing to compare. */
        NONE("not computed");

        private final String words;

        Method(String words) {
            this.words = words;
        }

        /** The method in words. */
        public String label() {
            return words;
        }
    }

    /**
     * Compares two groups: exactly if no two numbers are equal and one group has at most eight, else by the normal
     * approximation, as scipy does by itself.
     */
    public static MannWhitney of(double[] first, double[] second) {
        double[] x = Defined.of(first);
        double[] y = Defined.of(second);
        int leftOut = first.length + second.length - x.length - y.length;
        if (x.length == 0 || y.length == 0) {
            String reason = "a group has no number: %d and %d".formatted(x.length, y.length);
            return new MannWhitney(
                    Double.NaN, Double.NaN, Double.NaN, x.length, y.length, leftOut, Method.NONE, reason);
        }
        var test = MannWhitneyUTest.withDefaults();
        var result = test.with(PValueMethod.ASYMPTOTIC).test(x, y);
        boolean exact = !result.hasTiedValues() && Math.min(x.length, y.length) <= EXACT_UP_TO;
        if (exact) {
            result = test.with(PValueMethod.EXACT).test(x, y);
        }
        double u1 = result.getStatistic();
        return new MannWhitney(
                u1,
                Double.isNaN(result.getPValue()) ? 1 : result.getPValue(), // all numbers are equal
                2 * u1 / ((double) x.length * y.length) - 1,
                x.length,
                y.length,
                leftOut,
                exact ? Method.EXACT : Method.NORMAL,
                "");
    }
}
