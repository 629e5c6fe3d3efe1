package microtome.model;

import java.util.List;
import microtome.model.token.TokenSequence;

/**
 * The taps of sequences that grow behind prompts, made once it is known which prompts stand side by side; for edits that count
 * positions from the end of a prompt, or whose values belong to one.
 */
@FunctionalInterface
public interface PromptTaps {
    /**
     * The taps of passes in which these sequences stand side by side in this order; asked again when that changes.
     *
     * @param prompts what the sequences began with; all of one length
     */
    StepTap behind(List<TokenSequence> prompts);

    /** Listens nowhere. */
    PromptTaps NONE = always(StepTap.NONE);

    /** The same taps whatever the prompts. */
    static PromptTaps always(StepTap taps) {
        return _ -> taps;
    }

    /** Several, one after another in every pass. */
    static PromptTaps all(List<PromptTaps> taps) {
        var parts = List.copyOf(taps);
        return prompts ->
                StepTap.all(parts.stream().map(part -> part.behind(prompts)).toList());
    }
}
