package microtome.probe.attribution;

import microtome.display.ColorScale;
import microtome.display.TokenStrip;
import microtome.model.token.TokenSequence;

/** Prompts whose tokens are coloured by a number each. */
final class Strips {
    private Strips() {}

    static TokenStrip of(TokenSequence tokens, String name, double[] values) {
        var shown = tokens.tokens().stream()
                .map(token -> TokenStrip.Token.of(token.id(), token.text()).addedBy(token.rule()))
                .toList();
        return TokenStrip.of(shown).values(name, values).scale(ColorScale.BLUE_RED);
    }
}
