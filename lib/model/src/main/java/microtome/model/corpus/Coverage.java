package microtome.model.corpus;

import java.util.OptionalLong;

/**
 * How much of a corpus was read.
 *
 * @param documents documents that were read to their end
 * @param of all documents, empty ones included, where that is known
 * @param empty documents without anything to read, which were skipped
 * @param tokens tokens that went through the model, repeated beginnings included, padding not
 * @param rows rows that were given on, per site
 * @param padding tokens of padding, whose rows were dropped
 * @param batches passes through the model
 * @param seconds what it took
 * @param complete whether the corpus was read to its end; false after an interrupt
 */
public record Coverage(
        long documents,
        OptionalLong of,
        long empty,
        long tokens,
        long rows,
        long padding,
        long batches,
        double seconds,
        boolean complete) {

    /** The part of all tokens that was padding. */
    public double paddingPart() {
        return tokens + padding == 0 ? 0 : (double) padding / (tokens + padding);
    }

    /** Tokens per second, padding not counted. */
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    @Override
    public String toString() {
        String all = of.isPresent() ? " of %,d".formatted(of.getAsLong()) : "";
        String skipped = empty > 0 ? ", %,d empty ones skipped".formatted(empty) : "";
        return "%,d%s documents%s, %,d tokens, %,d rows%s"
                .formatted(documents, all, skipped, tokens, rows, complete ? "" : "; stopped before the end");
    }
}
