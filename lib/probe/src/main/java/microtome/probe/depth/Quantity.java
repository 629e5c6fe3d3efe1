package microtome.probe.depth;

/**
 * What is measured of every block at every position. {@code h} is the stream before the block, {@code a} what attention and
 * {@code m} what the MLP adds; {@code r} is what the MLP's share is taken of: {@code h + a}, or {@code h} where both read the
 * same stream.
 */
public enum Quantity {
    /** {@code |a| / |h|}. */
    ATTENTION_SHARE("attention", "|a| / |h|"),
    /** {@code |m| / |r|}. */
    MLP_SHARE("MLP", "|m| / |h + a|"),
    /** {@code |a + m| / |h|}. */
    BLOCK_SHARE("block", "|a + m| / |h|"),
    /** Cosine of {@code a} and {@code h}. */
    ATTENTION_COSINE("attention", "cos(a, h)"),
    /** Cosine of {@code m} and {@code r}. */
    MLP_COSINE("MLP", "cos(m, h + a)"),
    /** Cosine of {@code a + m} and {@code h}. */
    BLOCK_COSINE("block", "cos(a + m, h)"),
    /** Cosine of the streams before and after the block. */
    STREAM_COSINE("stream", "cos(h', h)"),
    /** {@code |h|}. */
    STREAM_NORM("stream", "|h|"),
    /** {@code |a|}. */
    ATTENTION_NORM("attention", "|a|"),
    /** {@code |m|}. */
    MLP_NORM("MLP", "|m|"),
    /** {@code |a + m|}. */
    BLOCK_NORM("block", "|a + m|");

    private final String part;
    private final String formula;

    Quantity(String part, String formula) {
        this.part = part;
        this.formula = formula;
    }

    /** What it is measured of, in words. */
    public String part() {
        return part;
    }

    /** How it is computed. */
    public String formula() {
        return formula;
    }
}
