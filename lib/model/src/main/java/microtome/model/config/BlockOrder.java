package microtome.model.config;

/** Where the norms of a block stand. */
public enum BlockOrder {
    /** {@code m = x + attention(norm(x)); m + mlp(norm(m))}: GPT-2, Llama, Qwen, Phi. */
    NORM_FIRST,
    /** {@code x + attention(norm(x)) + mlp(norm(x))}: both read the same stream, as in GPT-NeoX. */
    PARALLEL,
    /** {@code m = x + norm(attention(norm(x))); m + norm(mlp(norm(m)))}: Gemma 2 and 3. */
    NORM_AROUND,
    /** {@code m = x + norm(attention(x)); m + norm(mlp(m))}: OLMo 2. */
    NORM_OF_BRANCH,
    /** {@code m = norm(x + attention(x)); norm(m + mlp(m))}: BERT. */
    NORM_OF_SUM;

    /** Whether attention and the MLP read a normed stream. */
    public boolean normsBefore() {
        return this == NORM_FIRST || this == PARALLEL || this == NORM_AROUND;
    }

    /** Whether what attention and the MLP give is normed before it is added. */
    public boolean normsBranch() {
        return this == NORM_AROUND || this == NORM_OF_BRANCH;
    }

    /** Whether there is a norm after attention or after the sum. */
    public boolean normsAfter() {
        return normsBranch() || this == NORM_OF_SUM;
    }
}
