package microtome.probe.lens;

/** Which positions of a prompt are read. */
public enum LensPositions {
    /** Every position. */
    ALL,
    /** The last one, which says what comes next. */
    LAST;

    /** The first position that is read, of this many. */
    int first(int positions) {
        return this == ALL ? 0 : positions - 1;
    }
}
