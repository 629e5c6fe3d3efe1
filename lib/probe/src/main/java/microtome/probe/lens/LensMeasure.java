package microtome.probe.lens;

/** What is shown of one token. */
public enum LensMeasure {
    /** Its rank, 1 for the most likely; shown as log10. */
    RANK,
    /** Its probability. */
    PROBABILITY
}
