package microtome.probe.concept.evaluation;

/**
 * An interval of a share.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Band(double low, double high) {
    private static final double NORMAL_975 = 1.959963984540054;

    /**
     * Wilson's interval with 95 % for a share that was seen in {@code n} independent trials; NaN without trials.
     *
     * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson 1927</a>
     */
    public static Band wilson(double share, int n) {
        double squared = NORMAL_975 * NORMAL_975;
        double middle = (share + squared / (2 * n)) / (1 + squared / n);
        double half = NORMAL_975 / (1 + squared / n) * Math.sqrt(share * (1 - share) / n + squared / (4.0 * n * n));
        return n == 0 ? new Band(Double.NaN, Double.NaN) : new Band(middle - half, middle + half);
    }
}
