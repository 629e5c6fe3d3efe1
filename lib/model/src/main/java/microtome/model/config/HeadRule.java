package microtome.model.config;

/** How a model turns its stream into logits. */
public sealed interface HeadRule {

    /** It does not: an encoder. Its last stream is its answer. */
    record None() implements HeadRule {}

    /**
     * A final norm, an unembedding, and maybe a cap.
     *
     * @param tied whether the unembedding is the embedding
     * @param softCap logits are bent to {@code cap * tanh(logit / cap)}; 0 for none
     */
    record Unembedding(boolean tied, float softCap) implements HeadRule {}

    /** An unembedding without a cap. */
    static HeadRule unembedding(boolean tied) {
        return new Unembedding(tied, 0);
    }
}
