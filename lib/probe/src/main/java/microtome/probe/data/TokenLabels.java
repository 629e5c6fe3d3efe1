package microtome.probe.data;

import microtome.display.TokenText;
import microtome.model.token.Token;

/** How tokens are called on axes and in tables: every character visible, and bytes that are no character as bytes. */
public final class TokenLabels {
    private TokenLabels() {}

    /** The label of a token; of one that is known by its id alone, its text. */
    public static String of(Token token) {
        byte[] bytes = token.bytes();
        return bytes.length == 0 ? TokenText.visible(token.text()) : TokenText.visible(bytes);
    }
}
