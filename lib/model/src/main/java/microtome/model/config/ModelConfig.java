package microtome.model.config;

/**
 * What a model is made of: its size and the rules of its parts. Families read it from files; one decoder computes them all.
 *
 * @param family such as {@code llama}
 */
public record ModelConfig(
        String family,
        Dimensions dimensions,
        NormRule norm,
        BlockOrder order,
        Positions positions,
        AttentionRule attention,
        MlpRule mlp,
        EmbeddingRule embedding,
        HeadRule head) {

    public ModelConfig {
        requireOnePerBlock("windows", attention.windows().size(), dimensions);
        requireOnePerBlock("scales of scores", attention.scoreScales().size(), dimensions);
        if (positions instanceof Positions.Rotary rotary) {
            requireRotation(rotary, dimensions);
        }
    }

    /** A decoder like Llama: norms first, a gated MLP, an unembedding of its own; the rest is said by the other methods. */
    public static ModelConfig decoder(String family, Dimensions dimensions, NormRule norm, Positions positions) {
        return new ModelConfig(
                family,
                dimensions,
                norm,
                BlockOrder.NORM_FIRST,
                positions,
                AttentionRule.usual(dimensions),
                new MlpRule(true, ActivationFunction.SILU),
                EmbeddingRule.PLAIN,
                HeadRule.unembedding(false));
    }

    /** The same with blocks in another order. */
    public ModelConfig order(BlockOrder other) {
        return new ModelConfig(family, dimensions, norm, other, positions, attention, mlp, embedding, head);
    }

    /** The same with other attention. */
    public ModelConfig attention(AttentionRule other) {
        return new ModelConfig(family, dimensions, norm, order, positions, other, mlp, embedding, head);
    }

    /** The same with another MLP. */
    public ModelConfig mlp(boolean gated, ActivationFunction activation) {
        var other = new MlpRule(gated, activation);
        return new ModelConfig(family, dimensions, norm, order, positions, attention, other, embedding, head);
    }

    /** The same with another rule for the embedding. */
    public ModelConfig embedding(EmbeddingRule other) {
        return new ModelConfig(family, dimensions, norm, order, positions, attention, mlp, other, head);
    }

    /** The same with another head. */
    public ModelConfig head(HeadRule other) {
        return new ModelConfig(family, dimensions, norm, order, positions, attention, mlp, embedding, other);
    }

    /** Number of blocks. */
    public int blocks() {
        return dimensions.blocks();
    }

    /** Elements of the residual stream. */
    public int width() {
        return dimensions.width();
    }

    /** Query heads of a block. */
    public int heads() {
        return dimensions.heads();
    }

    /** Key and value heads of a block. */
    public int keyValueHeads() {
        return dimensions.keyValueHeads();
    }

    /** Elements of one head. */
    public int headWidth() {
        return dimensions.headWidth();
    }

    /** Neurons of a block. */
    public int mlpWidth() {
        return dimensions.mlpWidth();
    }

    /** Number of token ids. */
    public int vocabulary() {
        return dimensions.vocabulary();
    }

    /** The longest sequence the model was made for. */
    public int context() {
        return dimensions.context();
    }

    /** Whether the unembedding is the embedding. */
    public boolean tiedHead() {
        return head instanceof HeadRule.Unembedding unembedding && unembedding.tied();
    }

    /** Whether it gives logits; an encoder does not. */
    public boolean hasLogits() {
        return head instanceof HeadRule.Unembedding;
    }

    /** The cap of the logits; 0 for none. */
    public float logitCap() {
        return head instanceof HeadRule.Unembedding unembedding ? unembedding.softCap() : 0;
    }

    /** Whether queries and keys are rotated. */
    public boolean isRotary() {
        return positions instanceof Positions.Rotary;
    }

    private static void requireOnePerBlock(String what, int count, Dimensions dimensions) {
        if (count != dimensions.blocks()) {
            throw new IllegalArgumentException(
                    "configuration: %s for %d blocks, but there are %d".formatted(what, count, dimensions.blocks()));
        }
    }

    private static void requireRotation(Positions.Rotary rotary, Dimensions dimensions) {
        requireOnePerBlock("rotations", rotary.byBlock().size(), dimensions);
        for (RotaryEmbedding each : rotary.byBlock()) {
            if (each.rotatedWidth() > dimensions.headWidth()) {
                throw new IllegalArgumentException("configuration: %d elements of a head are rotated, but it has %d"
                        .formatted(each.rotatedWidth(), dimensions.headWidth()));
            }
        }
    }
}
