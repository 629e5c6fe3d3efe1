package microtome.probe.lens;

import microtome.display.TokenText;
import microtome.model.LanguageModel;
import microtome.model.token.Token;
import microtome.probe.data.TokenLabels;

/**
 * What an id of the vocabulary stands for.
 *
 * @param text as the tokenizer spells it; a part of a character is the replacement character
 * @param visible the same with every character visible, and bytes that are no character as such
 */
record Word(String text, String visible) {

    /** The word of an id; a row of the embedding that the tokenizer does not use is called by its number. */
    static Word of(LanguageModel model, int id) {
        if (!TokenLabels.isNamed(model, id)) {
            return new Word("#" + id, "#" + id);
        }
        Token token = model.tokenizer().token(id);
        return new Word(token.text(), TokenLabels.of(token));
    }

    /** The visible text in at most this many columns. */
    String shortened(int columns) {
        return visible.length() <= columns ? visible : TokenText.shortened(text, columns);
    }
}
