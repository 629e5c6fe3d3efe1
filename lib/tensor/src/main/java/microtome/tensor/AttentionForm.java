package microtome.tensor;

/**
 * How attention of a block looks at keys.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param scale of the products of queries and keys
 * @param softCap scores are bent to {@code cap * tanh(score / cap)} before anything is hidden; 0 for none
 * @param window how many positions a query sees, its own included; 0 for all
 * @param causal whether a query sees no position after its own
 * @see <a href="https://arxiv.org/abs/2004.05150">Beltagy et al. 2020</a> for windows
 * @see <a href="https://arxiv.org/abs/2408.00118">Gemma 2, 2024</a> for caps
 */
public record AttentionForm(int heads, int keyValueHeads, float scale, float softCap, int window, boolean causal) {
    public AttentionForm {
        ProductRule.requireHeads("attention", heads, keyValueHeads);
        if (!(softCap >= 0)) {
            throw new IllegalArgumentException(
                    "attention: soft cap %s; give a positive number, or 0 for none".formatted(softCap));
        }
        if (window < 0 || window > 0 && !causal) {
            throw new IllegalArgumentException(
                    "attention: window %d; give a positive number with causal attention, or 0 for none"
                            .formatted(window));
        }
    }

    /** Causal, all earlier positions, no cap. */
    public static AttentionForm causal(int heads, int keyValueHeads, float scale) {
        return new AttentionForm(heads, keyValueHeads, scale, 0, 0, true);
    }

    /** The same for this many sequences that stand side by side as if they were heads of one. */
    public AttentionForm joined(int sequences) {
        return new AttentionForm(heads * sequences, keyValueHeads * sequences, scale, softCap, window, causal);
    }

    /** Whether fused operations compute it over this many keys: no cap, and a window that hides nothing. */
    boolean isPlain(long keys) {
        return softCap == 0 && (window == 0 || window >= keys);
    }
}
