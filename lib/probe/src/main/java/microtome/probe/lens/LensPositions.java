package microtome.probe.lens;

/** Which positions of a prompt are read. */
public enum LensPositions {
    /** Every position. */
    ALL,
    /** Every position but the first, whose stream carries a massive activation in many models; the first if it is alone. */
    WITHOUT_FIRST,
    /** The last one, which says what comes next. */
    LAST;

    /** The first position that is read, of this many. */
    int first(int positions) {
        return switch (this) {
            case ALL -> 0;
            case WITHOUT_FIRST -> Math.min(1, Math.max(0, positions - 1));
            case LAST -> positions - 1;
        };
    }

    /** Which they are, in words. */
    String label() {
        return switch (this) {
            case ALL -> "all";
            case WITHOUT_FIRST -> "all but the first";
            case LAST -> "the last";
        };
    }
}
