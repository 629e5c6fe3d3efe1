package microtome.probe.depth;

import java.util.Map;
import java.util.function.Supplier;
import microtome.display.Displayable;
import microtome.display.Explanation;

/**
 * A plan to skip one block after another and to see what becomes of later blocks and of the answer. Options give a changed
 * plan; {@link #current()}, {@link #future()} and {@link #local()} run the model.
 */
public final class SkipPlan implements Displayable {
    private final Supplier<DepthInputs> inputs;
    private final SkipOptions options;

    SkipPlan(Supplier<DepthInputs> inputs, SkipOptions options) {
        this.inputs = inputs;
        this.options = options;
    }

    /** This plan with all options at once. */
    public SkipPlan with(SkipOptions others) {
        return new SkipPlan(inputs, others);
    }

    /** This plan for the attention of a block alone. */
    public SkipPlan attention() {
        return with(options.part(SkippedPart.ATTENTION));
    }

    /** This plan for the MLP of a block alone. */
    public SkipPlan mlp() {
        return with(options.part(SkippedPart.MLP));
    }

    /** This plan with another rule that makes one number of the effects in several prompts. */
    public SkipPlan aggregation(Aggregation rule) {
        return with(options.aggregation(rule));
    }

    /** This plan without the change of the next-token probabilities, which costs about as much as eight blocks per pass. */
    public SkipPlan withoutOutput() {
        return with(options.withOutput(false));
    }

    /** This plan with another seed for the places where future tokens begin. */
    public SkipPlan seed(long seed) {
        return with(options.seed(seed));
    }

    /** The options of this plan. */
    public SkipOptions options() {
        return options;
    }

    /**
     * Skips every block at all positions but 0 and measures everywhere. An interrupt keeps what is done.
     *
     * @throws IllegalArgumentException if no prompt has two tokens
     */
    public SkipEffect current() {
        return SkipWork.run(inputs.get(), SkipReach.CURRENT, options);
    }

    /**
     * Skips every block at the positions 1 to t - 1 and measures from t on.
     *
     * @throws IllegalArgumentException if no prompt has 13 tokens, or the model is an encoder, where tokens have no future
     */
    public SkipEffect future() {
        return SkipWork.run(inputs.get(), SkipReach.FUTURE, options);
    }

    /** Takes what a block added out of the input of each later block, one at a time, so that no block sees another's change. */
    public SkipEffect local() {
        return SkipWork.run(inputs.get(), SkipReach.LOCAL, options);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return Explanation.of("skip effects", toString()).mimeBundle();
    }

    @Override
    public String toString() {
        return "%s; ask for current(), future() or local()".formatted(options);
    }
}
