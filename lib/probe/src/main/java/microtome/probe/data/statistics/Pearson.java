package microtome.probe.data.statistics;

/**
 * How straight the relation of two columns of numbers is. Rows with NaN are left out.
 *
 * @param value from -1 to 1, or NaN
 * @param n rows that were used
 * @param leftOut rows that had a NaN
 * @param reason why there is no number, or empty
 */
public record Pearson(double value, int n, int leftOut, String reason) {
    /** Two points always lie on a line. */
    private static final int FEWEST = 3;

    /**
     * The correlation of two columns.
     *
     * @throws IllegalArgumentException if they are not equally long
     */
    public static Pearson of(double[] first, double[] second) {
        var pairs = Defined.Pairs.of(first, second, "Pearson's correlation");
        String reason = reasonAgainst(pairs, FEWEST);
        double value = reason.isEmpty() ? correlation(pairs.first(), pairs.second()) : Double.NaN;
        return new Pearson(
                value,
                pairs.n(),
                pairs.leftOut(),
                reason.isEmpty() && Double.isNaN(value) ? "a number is infinite" : reason);
    }

    /** Why these pairs have no correlation, or empty. */
    static String reasonAgainst(Defined.Pairs pairs, int fewest) {
        if (pairs.n() < fewest) {
            return "needs at least %d pairs of numbers, there are %d".formatted(fewest, pairs.n());
        }
        boolean first = Defined.isConstant(pairs.first());
        boolean second = Defined.isConstant(pairs.second());
        if (first && second) {
            return "all numbers of both columns are equal";
        }
        return first || second ? "all numbers of the %s column are equal".formatted(first ? "first" : "second") : "";
    }

    static double correlation(double[] x, double[] y) {
        double[] a = unit(x);
        double[] b = unit(y);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return Double.isNaN(sum) ? sum : Math.clamp(sum, -1, 1);
    }

    /** Without its mean, and of length 1; scaled first, so that squares neither overflow nor vanish. */
    private static double[] unit(double[] numbers) {
        double mean = Defined.mean(numbers);
        var centred = new double[numbers.length];
        double largest = 0;
        for (int i = 0; i < centred.length; i++) {
            centred[i] = numbers[i] - mean;
            largest = Math.max(largest, Math.abs(centred[i]));
        }
        double squares = 0;
        for (int i = 0; i < centred.length; i++) {
            centred[i] /= largest;
            squares += centred[i] * centred[i];
        }
        for (int i = 0; i < centred.length; i++) {
            centred[i] /= Math.sqrt(squares);
        }
        return centred;
    }
}
