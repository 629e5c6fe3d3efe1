package microtome.cli;

/**
 * One expected tensor held against ours.
 *
 * @param expected its name in the file
 * @param ours what of ours was compared; empty when nothing was
 * @param error the largest absolute difference; NaN when a value is not a number, 0 for token ids
 * @param holds whether it is within the bound; true when nothing was compared
 * @param note what else there is to say
 */
record Comparison(String expected, String ours, double error, boolean holds, String note) {

    /** Compares number by number; NaN anywhere fails. */
    static Comparison of(String expected, float[] reference, String ours, float[] values) {
        if (reference.length != values.length) {
            throw new IllegalArgumentException(
                    "%s: %d values are expected, our %s has %d; the folder's files do not belong together"
                            .formatted(expected, reference.length, ours, values.length));
        }
        double largest = 0;
        for (int index = 0; index < values.length; index++) {
            largest = larger(largest, Math.abs((double) values[index] - reference[index]));
        }
        return new Comparison(expected, ours, largest, largest <= Parity.BOUND, "");
    }

    /** Compares token ids, which must be equal. */
    static Comparison ofTokens(String expected, long[] reference, int[] tokens) {
        for (int index = 0; index < reference.length; index++) {
            if (reference[index] != tokens[index]) {
                String note = "token %d is %d, expected %d".formatted(index, tokens[index], reference[index]);
                return new Comparison(expected, "greedy", 0, false, note);
            }
        }
        return new Comparison(expected, "greedy", 0, true, "all %d tokens equal".formatted(reference.length));
    }

    /** A tensor that is not looked at, with the reason. */
    static Comparison skipped(String expected, String reason) {
        return new Comparison(expected, "", 0, true, reason);
    }

    /** The larger number; NaN wins. */
    static double larger(double first, double second) {
        return Double.isNaN(first) || second <= first ? first : second;
    }

    String shownError() {
        return ours.isEmpty() || ours.equals("greedy") ? "" : "%.2e".formatted(error);
    }

    String verdict() {
        return holds ? note : ("FAILED " + note).strip();
    }
}
