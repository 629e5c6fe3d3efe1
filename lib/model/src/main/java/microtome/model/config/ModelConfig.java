package microtome.model.config;

/**
 * The dimensions of a decoder.
 *
 * @param family such as {@code llama}
 * @param blocks number of blocks
 * @param width elements of the residual stream
 * @param heads query heads of a block
 * @param keyValueHeads key and value heads of a block; divides {@code heads}
 * @param mlpWidth neurons of a block
 * @param vocabulary number of token ids
 * @param context the longest sequence the model was made for
 * @param normEpsilon added to the mean square in every norm
 * @param rotary position embedding; its {@code headWidth} is the width of every head
 * @param tiedHead whether the unembedding is the embedding
 */
public record ModelConfig(
        String family,
        int blocks,
        int width,
        int heads,
        int keyValueHeads,
        int mlpWidth,
        int vocabulary,
        int context,
        float normEpsilon,
        RotaryEmbedding rotary,
        boolean tiedHead) {
    public ModelConfig {
        positive("number of blocks", blocks);
        positive("width", width);
        positive("number of heads", heads);
        positive("number of key/value heads", keyValueHeads);
        positive("MLP width", mlpWidth);
        positive("vocabulary", vocabulary);
        positive("context", context);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("configuration: %d query heads cannot share %d key/value heads evenly"
                    .formatted(heads, keyValueHeads));
        }
    }

    /** Elements of one head. */
    public int headWidth() {
        return rotary.headWidth();
    }

    private static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("configuration: %s is %d, must be at least 1".formatted(what, value));
        }
    }
}
