package microtome.model;

import java.util.List;
import java.util.stream.Collectors;
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

    /** What they do, on one line, for the provenance of results. */
    default String words() {
        return "a tap of one's own";
    }

    /** Listens nowhere. */
    PromptTaps NONE = described("none", _ -> StepTap.NONE);

    /** The same taps whatever the prompts. */
    static PromptTaps always(StepTap taps) {
        return taps == StepTap.NONE ? NONE : _ -> taps;
    }

    /** The same with words for what they do. */
    static PromptTaps described(String words, PromptTaps taps) {
        return new PromptTaps() {
            @Override
            public StepTap behind(List<TokenSequence> prompts) {
                return taps.behind(prompts);
            }

            @Override
            public String words() {
                return words;
            }
        };
    }

    /** Several, one after another in every pass. */
    static PromptTaps all(List<PromptTaps> taps) {
        var parts = taps.stream().filter(part -> part != NONE).toList();
        return parts.isEmpty()
                ? NONE
                : described(
                        parts.stream().map(PromptTaps::words).collect(Collectors.joining("; ")),
                        prompts -> StepTap.all(
                                parts.stream().map(part -> part.behind(prompts)).toList()));
    }
}
