package microtome.model.config;

/**
 * How large a model is.
 *
 * @param blocks number of blocks
 * @param width elements of the residual stream
 * @param heads query heads of a block
 * @param keyValueHeads key and value heads of a block; divides {@code heads}
 * @param headWidth elements of one head; {@code heads * headWidth} need not be {@code width}
 * @param mlpWidth neurons of a block
 * @param vocabulary number of token ids
 * @param context the longest sequence the model was made for
 */
public record Dimensions(
        int blocks, int width, int heads, int keyValueHeads, int headWidth, int mlpWidth, int vocabulary, int context) {
    /** Far more than any model has: a list per block of what a broken file asks for must fit in memory. */
    private static final int MOST_BLOCKS = 10_000;

    public Dimensions {
        positive("number of blocks", blocks);
        if (blocks > MOST_BLOCKS) {
            throw new IllegalArgumentException(
                    "configuration: number of blocks is %d, at most %d can be".formatted(blocks, MOST_BLOCKS));
        }
        positive("width", width);
        positive("number of heads", heads);
        positive("number of key/value heads", keyValueHeads);
        positive("head width", headWidth);
        positive("MLP width", mlpWidth);
        positive("vocabulary", vocabulary);
        positive("context", context);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("configuration: %d query heads cannot share %d key/value heads evenly"
                    .formatted(heads, keyValueHeads));
        }
    }

    private static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("configuration: %s is %d, must be at least 1".formatted(what, value));
        }
    }
}
