package microtome.model.token.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.model.format.ConfigFile;

/**
 * What {@code tokenizer_config.json} and {@code chat_template.jinja} beside a tokenizer say; everything may be null.
 *
 * @param beginning the token that begins a sequence
 * @param end the token that ends a sequence
 * @param template the chat template
 */
record TokenizerSettings(String beginning, String end, String template) {

    static TokenizerSettings beside(Path tokenizer) {
        Path config = tokenizer.resolveSibling("tokenizer_config.json");
        Path template = tokenizer.resolveSibling("chat_template.jinja");
        String alone = Files.isRegularFile(template) ? read(template) : null;
        if (!Files.isRegularFile(config)) {
            return new TokenizerSettings(null, null, alone);
        }
        JsonNode root = ConfigFile.read(config).root();
        String inside = template(root.path("chat_template"));
        return new TokenizerSettings(
                token(root.path("bos_token")), token(root.path("eos_token")), alone == null ? inside : alone);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": cannot be read", failure);
        }
    }

    /** A token is a text, or an object with its text as content. */
    static String token(JsonNode node) {
        JsonNode text = node.isObject() ? node.path("content") : node;
        return text.isTextual() ? text.asText() : null;
    }

    /** A template is a text, or a list of named ones of which one is the default. */
    private static String template(JsonNode node) {
        if (node.isTextual()) {
            return node.asText();
        }
        for (JsonNode named : node) {
            if (named.path("name").asText().equals("default")) {
                return named.path("template").asText();
            }
        }
        return null;
    }
}
