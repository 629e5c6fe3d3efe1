package microtome;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import microtome.display.Card;
import microtome.display.TokenStrip;
import microtome.model.ModelCard;
import microtome.model.ParameterCount;
import microtome.model.config.ModelConfig;
import microtome.model.token.TokenSequence;

/** How the values of a model look in a cell. */
final class Shown {
    private static final double MEBIBYTE = 1 << 20;

    private Shown() {}

    static TokenStrip tokens(TokenSequence tokens) {
        List<TokenStrip.Token> shown = tokens.tokens().stream()
                .map(token -> {
                    var plain = TokenStrip.Token.of(token.id(), token.text());
                    return token.rule() == null ? plain : plain.addedBy(token.rule());
                })
                .toList();
        return TokenStrip.of(shown);
    }

    private static String components(ParameterCount count) {
        return count.byComponent().entrySet().stream()
                .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    static Card card(ModelCard model) {
        ModelConfig config = model.config();
        Card card = Card.of(model.name())
                .row("from", model.source())
                .row(
                        "parameters",
                        "%,d".formatted(model.parameters()),
                        config.tiedHead() ? "tied head counted once" : "")
                .row("of these", components(model.parameterCount()))
                .row(
                        "architecture",
                        "%s: %d blocks, width %d, MLP %d"
                                .formatted(config.family(), config.blocks(), config.width(), config.mlpWidth()))
                .row(
                        "attention",
                        "%d query heads sharing %d key/value heads, %d wide"
                                .formatted(config.heads(), config.keyValueHeads(), config.headWidth()))
                .row("rules", FamilyRules.of(config))
                .row("vocabulary, context", "%,d ids, %,d positions".formatted(config.vocabulary(), config.context()))
                .row("file", "%s, %.1f MiB".formatted(model.storage(), model.fileBytes() / MEBIBYTE))
                .row("sha256", model.sha256().isEmpty() ? "not computed" : model.sha256())
                .row("weights", "%s, %.1f MiB".formatted(model.weights().label(), model.weightBytes() / MEBIBYTE))
                .row("computes in", model.precision(), "residual stream and softmax always in F32")
                .row("device", model.device())
                .row(
                        "loaded",
                        String.format(
                                Locale.ROOT, "%.0f MiB in %.2f s", model.loadedBytes() / MEBIBYTE, model.loadSeconds()))
                .row("tokenizer", String.join("; ", model.tokenizerRules()))
                .row("parity", model.parity());
        List<String> unused = model.parameterCount().unused();
        if (!unused.isEmpty()) {
            card = card.row(
                    "not used", "%d tensors of the file, such as %s".formatted(unused.size(), unused.getFirst()));
        }
        for (String note : model.notes()) {
            card = card.row("note", note);
        }
        return card;
    }
}
