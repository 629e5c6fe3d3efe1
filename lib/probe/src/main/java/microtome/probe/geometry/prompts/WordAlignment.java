package microtome.probe.geometry.prompts;

import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.PromptSet;

/** Whether a word must stand at the same position in both contexts of a pair. */
public enum WordAlignment {
    /**
     * It must: otherwise the two states differ by their positions alone, which learned positions put into the very first layer.
     */
    SAME_POSITION,
    /** It may stand anywhere; a remark says so. */
    ANY_POSITION;

    void check(Pairing pair, int first, int second, PromptSet prompts) {
        if (this == SAME_POSITION && first != second) {
            throw new IllegalArgumentException(
                    "pair '%s': the word ends at token %d in '%s' and at token %d in '%s'; word the contexts so that it has one position, or ask for wordsAt(WordAlignment.ANY_POSITION)"
                            .formatted(
                                    pair.name(),
                                    first,
                                    prompts.prompts().get(pair.first()).text(),
                                    second,
                                    prompts.prompts().get(pair.second()).text()));
        }
    }
}
