package microtome.cli;

import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import picocli.CommandLine.Option;

/** What is run: {@code --text}, or {@code --tokens} for a model without a tokenizer and for tokens that no text gives. */
final class Prompt {
    @Option(names = "--text", paramLabel = "T", description = "The text to run.")
    private String text;

    @Option(
            names = "--tokens",
            split = ",",
            paramLabel = "ID",
            description = "The ids of the tokens to run instead, such as 5,9,17; nothing is added to them.")
    private List<Integer> tokens = List.of();

    private Prompt() {}

    /** The text; empty when ids were given. */
    String text() {
        return text == null ? "" : text;
    }

    /** The tokens for this model. */
    TokenSequence tokens(LanguageModel model) {
        if (text == null) {
            return TokenSequence.ofIds(
                    tokens.stream().mapToInt(Integer::intValue).toArray());
        }
        if (!model.hasTokenizer()) {
            throw new IllegalArgumentException(
                    "model %s came without a tokenizer, so it cannot read --text; give ids with --tokens 5,9,17, or put its tokenizer.json beside the weights"
                            .formatted(model.card().name()));
        }
        return model.tokenizer().encode(text);
    }

    /** Java turns bytes of an argument that the locale cannot read into U+FFFD; a run of that would be of another text. */
    void requireReadable() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (text().indexOf('\uFFFD') >= 0 && !encoding.equalsIgnoreCase("UTF-8")) {
            throw new IllegalArgumentException(
                    "--text holds characters that the locale's encoding %s cannot read; set LC_ALL=C.UTF-8 and try again"
                            .formatted(encoding));
        }
    }
}
