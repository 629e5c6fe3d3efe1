package microtome.probe.depth;

/**
 * How blocks are skipped.
 *
 * @param part what of a block is left out
 * @param aggregation how the effects in several prompts become one number
 * @param withOutput whether the change of the model's next-token probabilities is computed as well
 * @param cuts places t per prompt for the effect on future tokens
 * @param futurePrompts prompts for the effect on future tokens, the first ones
 * @param seed of the choice of t
 */
public record SkipOptions(
        SkippedPart part, Aggregation aggregation, boolean withOutput, int cuts, int futurePrompts, long seed) {
    /** Whole blocks, the maximum, with the output; for future tokens 4 places in each of 10 prompts, seed 123, as the paper has it. */
    public static final SkipOptions DEFAULT = new SkipOptions(SkippedPart.BLOCK, Aggregation.MAX, true, 4, 10, 123);

    /** Checks the counts. */
    public SkipOptions {
        if (cuts < 1 || futurePrompts < 1) {
            throw new IllegalArgumentException(
                    "%d places t in each of %d prompts: need at least 1 of both".formatted(cuts, futurePrompts));
        }
    }

    /** These options with another part. */
    public SkipOptions part(SkippedPart other) {
        return new SkipOptions(other, aggregation, withOutput, cuts, futurePrompts, seed);
    }

    /** These options with another rule for many prompts. */
    public SkipOptions aggregation(Aggregation other) {
        return new SkipOptions(part, other, withOutput, cuts, futurePrompts, seed);
    }

    /** These options with or without the output. */
    public SkipOptions withOutput(boolean wanted) {
        return new SkipOptions(part, aggregation, wanted, cuts, futurePrompts, seed);
    }

    /** These options with another number of places t per prompt. */
    public SkipOptions cuts(int count) {
        return new SkipOptions(part, aggregation, withOutput, count, futurePrompts, seed);
    }

    /** These options with another number of prompts for the effect on future tokens. */
    public SkipOptions futurePrompts(int count) {
        return new SkipOptions(part, aggregation, withOutput, cuts, count, seed);
    }

    /** These options with another seed. */
    public SkipOptions seed(long other) {
        return new SkipOptions(part, aggregation, withOutput, cuts, futurePrompts, other);
    }

    @Override
    public String toString() {
        return "%s skipped, %s over prompts%s"
                .formatted(part.label(), aggregation.label(), withOutput ? "" : ", without the output");
    }
}
