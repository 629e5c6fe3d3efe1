package microtome.probe.geometry.prompts;

/** Whether distances between prompts are measured on states as they are, or on the unit sphere. */
public enum Rows {
    /** Every state is brought to length 1 first: the growth of the stream through the layers plays no part. */
    UNIT("states brought to length 1"),
    /** States as they are, as in the first version of the paper. */
    RAW("states as they are");

    private final String words;

    Rows(String words) {
        this.words = words;
    }

    /** The choice in words. */
    public String label() {
        return words;
    }
}
