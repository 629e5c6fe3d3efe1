package microtome.probe.concept.tribuo;

/** What becomes of vectors before a classifier or a clustering reads them. */
public enum Scaling {
    /** Nothing. */
    AS_THEY_ARE("as they are"),
    /** Every feature gets mean 0 and standard deviation 1; one that is constant becomes 0. */
    STANDARDISED("every feature standardised"),
    /** Every vector gets length 1, so that distances are those of directions. */
    UNIT_LENGTH("every vector of length 1");

    private final String label;

    Scaling(String label) {
        this.label = label;
    }

    /** The rule in words. */
    public String label() {
        return label;
    }

    /**
     * New rows, scaled.
     *
     * @param rows {@code [n][width]}
     * @param known the rows whose means and standard deviations count: those of the training part
     * @throws IllegalArgumentException if a vector of length 0 should get length 1
     */
    public float[][] apply(float[][] rows, float[][] known) {
        return switch (this) {
            case AS_THEY_ARE -> rows;
            case STANDARDISED -> standardised(rows, known);
            case UNIT_LENGTH -> unit(rows);
        };
    }

    private static float[][] standardised(float[][] rows, float[][] known) {
        int width = rows[0].length;
        var scaled = new float[rows.length][width];
        for (int feature = 0; feature < width; feature++) {
            double mean = 0;
            for (float[] row : known) {
                mean += row[feature];
            }
            mean /= known.length;
            double variance = 0;
            boolean isConstant = true;
            for (float[] row : known) {
                variance += (row[feature] - mean) * (row[feature] - mean);
                isConstant &= row[feature] == known[0][feature];
            }
            double deviation = Math.sqrt(variance / known.length);
            for (int row = 0; row < rows.length; row++) {
                scaled[row][feature] = isConstant ? 0 : (float) ((rows[row][feature] - mean) / deviation);
            }
        }
        return scaled;
    }

    private static float[][] unit(float[][] rows) {
        var scaled = new float[rows.length][rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            double squared = 0;
            for (float each : rows[row]) {
                squared += (double) each * each;
            }
            if (squared == 0) {
                throw new IllegalArgumentException(
                        "vector %d is all zeros and has no direction; take another scaling than %s"
                                .formatted(row, UNIT_LENGTH));
            }
            for (int i = 0; i < scaled[row].length; i++) {
                scaled[row][i] = (float) (rows[row][i] / Math.sqrt(squared));
            }
        }
        return scaled;
    }
}
