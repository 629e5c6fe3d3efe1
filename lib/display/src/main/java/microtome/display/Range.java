package microtome.display;

/** The values at the two ends of a scale. */
record Range(double low, double high) {
    Range {
        if (!Double.isFinite(low) || !Double.isFinite(high) || low >= high) {
            throw new IllegalArgumentException(
                    "range %s..%s: need two finite numbers, the first below the second".formatted(low, high));
        }
    }

    /** The range of the finite values among {@code rows}; never empty: all equal is widened, none finite is 0..1. */
    static Range of(Iterable<double[]> rows) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (var row : rows) {
            for (var value : row) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        if (low > high) {
            return new Range(0, 1);
        }
        return low == high ? around(low) : new Range(low, high);
    }

    private static Range around(double value) {
        var reach = Math.max(Math.abs(value) * 0.05, 0.5);
        return new Range(value - reach, value + reach);
    }

    /** The smallest range around zero that holds this one. */
    Range centered() {
        var reach = Math.max(Math.abs(low), Math.abs(high));
        return new Range(-reach, reach);
    }

    Range union(Range other) {
        return new Range(Math.min(low, other.low), Math.max(high, other.high));
    }

    /** Where {@code value} lies, 0 at the low end and 1 at the high end; outside beyond them. */
    double share(double value) {
        return Double.isInfinite(value) ? value : (value - low) / (high - low);
    }

    boolean contains(double value) {
        return value >= low && value <= high;
    }

    @Override
    public String toString() {
        return Significant.text(low, 4) + ".." + Significant.text(high, 4);
    }
}
