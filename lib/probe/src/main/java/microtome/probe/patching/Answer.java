package microtome.probe.patching;

import microtome.display.TokenText;
import microtome.model.LanguageModel;
import microtome.probe.data.TokenLabels;

/**
 * A token that may come next.
 *
 * @param id its row of the unembedding
 * @param text as it is shown, blanks visible
 */
public record Answer(int id, String text) {

    /**
     * The token of this text; words inside a sentence start with a space, such as {@code " Paris"}.
     *
     * @throws IllegalArgumentException if the text is not exactly one token; the message shows its tokens
     */
    public static Answer of(LanguageModel model, String text) {
        return new Answer(model.tokenizer().idOf(text), TokenText.visible(text));
    }

    /**
     * The token of this id.
     *
     * @throws IllegalArgumentException if the model has no such token
     */
    public static Answer of(LanguageModel model, int id) {
        return new Answer(TokenLabels.require(model, id), TokenLabels.of(model, id));
    }

    @Override
    public String toString() {
        return text;
    }
}
