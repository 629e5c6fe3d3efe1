package microtome.model.generate;

import java.util.Arrays;
import microtome.display.TokenStrip;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;

/** Prompt and written tokens, one behind the other. */
final class Strips {
    private Strips() {}

    static TokenStrip of(GeneratedText text) {
        TokenSequence whole = text.whole();
        TokenStrip strip =
                TokenStrip.of(whole.tokens().stream().map(Strips::shown).toList());
        double[] known = text.logProbabilities();
        if (known.length == 0) {
            return strip;
        }
        var values = new double[whole.size()];
        Arrays.fill(values, Double.NaN);
        System.arraycopy(known, 0, values, text.prompt().size(), known.length);
        return strip.values("log probability", values);
    }

    private static TokenStrip.Token shown(Token token) {
        var plain = TokenStrip.Token.of(token.id(), token.text());
        return token.isAdded() ? plain.addedBy(token.rule()) : plain;
    }
}
