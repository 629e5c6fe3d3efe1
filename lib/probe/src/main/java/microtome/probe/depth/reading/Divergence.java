package microtome.probe.depth.reading;

/** Which distribution the Kullback–Leibler divergence, which is not symmetric, is taken over. In nats. */
public enum Divergence {
    /** {@code Σ p_final (ln p_final − ln p_lens)}: what the tuned lens is trained on. */
    FINAL_FROM_LENS("KL(final ‖ lens)"),
    /** {@code Σ p_lens (ln p_lens − ln p_final)}: what the code of the depth paper computes. */
    LENS_FROM_FINAL("KL(lens ‖ final)");

    private final String label;

    Divergence(String label) {
        this.label = label;
    }

    /** The divergence in symbols. */
    public String label() {
        return label;
    }
}
