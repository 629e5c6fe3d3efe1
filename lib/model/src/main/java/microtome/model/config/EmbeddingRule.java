package microtome.model.config;

/**
 * What happens to the rows of the embedding.
 *
 * @param scale they are multiplied by
 * @param tokenTypes whether the vector of the first token type is added
 * @param normed whether the sum is normed
 */
public record EmbeddingRule(float scale, boolean tokenTypes, boolean normed) {
    /** Taken as they are. */
    public static final EmbeddingRule PLAIN = new EmbeddingRule(1, false, false);

    /** Multiplied by a number. */
    public static EmbeddingRule scaled(double scale) {
        return new EmbeddingRule((float) scale, false, false);
    }
}
