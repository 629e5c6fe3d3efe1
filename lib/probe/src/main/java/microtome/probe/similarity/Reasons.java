package microtome.probe.similarity;

/** Why a similarity is missing. */
final class Reasons {
    static final String CONSTANT = "all its rows are the same, so there is nothing to compare";
    static final String STOPPED = "the work was stopped before this pair";

    private Reasons() {}

    static String constant(String layer) {
        return "%s: %s".formatted(layer, CONSTANT);
    }

    static String notPositive(String layer, long rows) {
        return "%s: HSIC1 with itself is not positive on %,d rows, as it can be by chance; give more rows or take biasedCka()"
                .formatted(layer, rows);
    }
}
