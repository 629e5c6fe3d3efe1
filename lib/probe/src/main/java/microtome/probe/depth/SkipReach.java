package microtome.probe.depth;

/** Where a block is skipped, and whose change is measured. */
public enum SkipReach {
    /** Skipped at every position but 0, measured everywhere. */
    CURRENT("current effect"),
    /** Skipped at the positions 1 to t - 1, measured from t on, for several t of every prompt. */
    FUTURE("effect on future tokens"),
    /** As CURRENT, but every later block gets its own original input without what the skipped block added: no cascade. */
    LOCAL("local effect");

    private final String label;

    SkipReach(String label) {
        this.label = label;
    }

    /** The reach in words. */
    public String label() {
        return label;
    }
}
