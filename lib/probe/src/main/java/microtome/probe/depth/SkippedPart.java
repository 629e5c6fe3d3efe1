package microtome.probe.depth;

/** What of a block is left out. */
public enum SkippedPart {
    /** The whole block: the stream after it is the stream before it. */
    BLOCK("block"),
    /** Its attention: it adds nothing, and the MLP reads what it then reads. */
    ATTENTION("attention"),
    /** Its MLP: it adds nothing. */
    MLP("MLP");

    private final String label;

    SkippedPart(String label) {
        this.label = label;
    }

    /** The part in words. */
    public String label() {
        return label;
    }
}
