package microtome.model.token;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import microtome.model.format.BadWeightFile;
import microtome.model.format.Gguf;
import microtome.model.format.GgufMetadata;
import microtome.model.token.definition.AddedToken;
import microtome.model.token.definition.GgufTokenizer;
import microtome.model.token.definition.JsonTokenizer;
import microtome.model.token.definition.TokenizerDefinition;

/**
 * Turns text into the tokens of one model and back. What it gives is what the model was trained on: the same ids as the
 * model's own tokenizer, and every token says which rule added it. May be used by many threads at once.
 */
public final class Tokenizer {
    private final TokenizerDefinition definition;
    private final Encoder encoder;

    private Tokenizer(TokenizerDefinition definition) {
        this.definition = definition;
        this.encoder = new Encoder(definition);
    }

    /**
     * The tokenizer in a {@code tokenizer.json}, in the folder of one, or in a GGUF file.
     *
     * @throws BadWeightFile when it is damaged or of an unknown kind; the message names the known ones
     */
    public static Tokenizer open(Path path) {
        if (path.getFileName().toString().endsWith(".gguf")) {
            try (Gguf file = Gguf.open(path)) {
                return of(file.metadata());
            }
        }
        return new Tokenizer(JsonTokenizer.read(path));
    }

    /**
     * The tokenizer in the metadata of a GGUF file.
     *
     * @throws BadWeightFile when it is damaged or of an unknown kind; the message names the known ones
     */
    public static Tokenizer of(GgufMetadata metadata) {
        return new Tokenizer(GgufTokenizer.read(metadata));
    }

    /** Tokens of a text; the text of special tokens in it stays text. */
    public TokenSequence encode(String text) {
        return encode(text, SpecialTokens.TEXT);
    }

    /**
     * Tokens of a text, with those that the model wants around every text.
     *
     * @throws IllegalArgumentException when the text is not valid Unicode, or has a character that the vocabulary lacks
     */
    public TokenSequence encode(String text, SpecialTokens special) {
        return encoder.encode(new GivenText(text), special);
    }

    /** The sequence of these ids. */
    public TokenSequence sequence(int... ids) {
        return encoder.sequence(Arrays.stream(ids).mapToObj(this::token).toList());
    }

    /** The text of these ids, special tokens included. Bytes that are no character become U+FFFD. */
    public String decode(int... ids) {
        return sequence(ids).text();
    }

    /** The token of an id. */
    public Token token(int id) {
        return encoder.token(id, null);
    }

    /** Number of token ids. The embedding of a model may have more rows than this. */
    public int vocabularySize() {
        return definition.entries().vocabulary().size();
    }

    /** The id of the token that stands for exactly this text, if there is one; blanks count: {@code " Paris"}. */
    public OptionalInt find(String text) {
        TokenizerDefinition.Entries entries = definition.entries();
        Optional<AddedToken> added = entries.added().byContent(text);
        return added.isPresent()
                ? OptionalInt.of(added.get().id())
                : entries.vocabulary().id(entries.pieces().piece(text));
    }

    /**
     * The id of the token that stands for exactly this text; blanks count: {@code " Paris"}.
     *
     * @throws IllegalArgumentException when it is no single token; the message says into which tokens it falls
     */
    public int idOf(String text) {
        return find(text).orElseThrow(() -> {
            List<String> parts = encode(text).tokens().stream()
                    .filter(token -> !token.isAdded())
                    .map(token -> "'" + token.text() + "'")
                    .toList();
            if (parts.size() == 1) { // a tokenizer that changes texts, such as into lower case
                return new IllegalArgumentException(
                        "'%s' is not the text of a token, this tokenizer makes it %s; give that"
                                .formatted(text, parts.getFirst()));
            }
            String blank = text.startsWith(" ") ? text.substring(1) : " " + text;
            String hint = find(blank).isPresent() ? "; '%s' is one token".formatted(blank) : "";
            return new IllegalArgumentException(
                    "'%s' is not one token but %d: %s%s".formatted(text, parts.size(), String.join(" ", parts), hint));
        });
    }

    /** The token that begins a sequence, if the model has one; whether it is added is another matter. */
    public Optional<Token> bos() {
        return optional(definition.frame().beginning());
    }

    /** The token that ends a sequence, if the model has one. */
    public Optional<Token> eos() {
        return optional(definition.frame().end());
    }

    private Optional<Token> optional(OptionalInt id) {
        return id.isPresent() ? Optional.of(token(id.getAsInt())) : Optional.empty();
    }

    /** What this tokenizer does, one sentence per rule, for people. */
    public List<String> rules() {
        return definition.entries().rules().get();
    }

    /** Whether the model knows how to hold a conversation. */
    public boolean hasChatTemplate() {
        return definition.template() != null;
    }

    /**
     * The tokens of a conversation as the model was trained on them. Contents are text: a special token written in one
     * stays text.
     *
     * @param addGenerationPrompt whether to end with the beginning of the model's own turn
     * @throws IllegalArgumentException when there is no template, or the template refuses the messages
     */
    public TokenSequence chat(List<Message> messages, boolean addGenerationPrompt) {
        return chat(messages, addGenerationPrompt, Map.of());
    }

    /**
     * The tokens of a conversation whose template asks for more than messages.
     *
     * @param variables what the template reads, such as {@code enable_thinking} (a Boolean) for Qwen 3
     * @throws IllegalArgumentException when there is no template, or the template refuses the messages
     */
    public TokenSequence chat(List<Message> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
        if (!hasChatTemplate()) {
            throw new IllegalArgumentException(
                    "%s has no chat template, as a model that only continues texts; use encode(text)"
                            .formatted(definition.source()));
        }
        messages.forEach(message -> GivenText.requireUnicode(message.content()));
        Map<String, Object> all = variables(addGenerationPrompt);
        all.putAll(variables);
        return encoder.encode(Conversation.render(definition.template(), messages, all), messages);
    }

    private Map<String, Object> variables(boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("add_generation_prompt", addGenerationPrompt);
        bos().ifPresent(token -> variables.put("bos_token", token.text()));
        eos().ifPresent(token -> variables.put("eos_token", token.text()));
        return variables;
    }

    @Override
    public String toString() {
        return definition.source() + ": " + rules().getFirst();
    }
}
