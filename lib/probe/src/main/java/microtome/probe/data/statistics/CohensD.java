package microtome.probe.data.statistics;

/**
 * How many pooled standard deviations the means of two groups lie apart. NaN is left out.
 *
 * @param value positive if the first group's mean is larger, or NaN
 * @param n1 numbers of the first group
 * @param n2 numbers of the second group
 * @param reason why there is no number, or empty
 * @see <a href="https://doi.org/10.4324/9780203771587">Cohen 1988, section 2.5</a>
 */
public record CohensD(double value, int n1, int n2, String reason) {
    /** The effect size of two groups; NaN if one is empty, both are single numbers, or neither varies. */
    public static CohensD of(double[] first, double[] second) {
        double[] x = Defined.of(first);
        double[] y = Defined.of(second);
        String reason = reasonAgainst(x, y);
        if (!reason.isEmpty()) {
            return new CohensD(Double.NaN, x.length, y.length, reason);
        }
        double pooled = Math.sqrt((squares(x) + squares(y)) / (x.length + y.length - 2));
        double value = (Defined.mean(x) - Defined.mean(y)) / pooled;
        return new CohensD(value, x.length, y.length, "");
    }

    private static String reasonAgainst(double[] x, double[] y) {
        if (x.length == 0 || y.length == 0 || x.length + y.length < 3) {
            return "needs a number in both groups and at least 3 in all, there are %d and %d"
                    .formatted(x.length, y.length);
        }
        return Defined.isConstant(x) && Defined.isConstant(y) ? "neither group varies" : "";
    }

    /** The sum of squared distances from the mean. */
    private static double squares(double[] numbers) {
        double mean = Defined.mean(numbers);
        double sum = 0;
        for (double number : numbers) {
            sum += (number - mean) * (number - mean);
        }
        return sum;
    }
}
