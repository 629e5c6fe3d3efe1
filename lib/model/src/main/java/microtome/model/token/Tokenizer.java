package microtome.model.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import microtome.model.format.BadWeightFile;
import microtome.model.format.Gguf;
import microtome.model.format.GgufMetadata;

/**
 * Turns text into the tokens of one model and back. What it gives is what the model was trained on: the same ids as the
 * model's own tokenizer, and every token says which rule added it. May be used by many threads at once.
 */
public final class Tokenizer {
    private final TokenizerDefinition definition;
    private final NativeTokenizer parsing;
    private final ByteCoverage coverage;
    private NativeTokenizer plain;

    private Tokenizer(TokenizerDefinition definition, NativeTokenizer parsing) {
        this.definition = definition;
        this.parsing = parsing;
        this.coverage = new ByteCoverage(definition.entries());
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
        return of(JsonTokenizer.read(path));
    }

    /**
     * The tokenizer in the metadata of a GGUF file.
     *
     * @throws BadWeightFile when it is damaged or of an unknown kind; the message names the known ones
     */
    public static Tokenizer of(GgufMetadata metadata) {
        return of(GgufTokenizer.read(metadata));
    }

    private static Tokenizer of(TokenizerDefinition definition) {
        return new Tokenizer(definition, engine(definition, true));
    }

    private static NativeTokenizer engine(TokenizerDefinition definition, boolean withSpecialTokens) {
        try {
            return NativeTokenizer.of(definition.json().text(withSpecialTokens));
        } catch (IllegalArgumentException refused) {
            BadWeightFile bad = new BadWeightFile(
                    definition.source(),
                    "tokenizer",
                    refused.getMessage(),
                    "what the tokenizers library accepts",
                    "the file is damaged or from a newer version; download it again");
            bad.initCause(refused);
            throw bad;
        }
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
        requireUnicode(text);
        if (special == SpecialTokens.TEXT
                && !definition.entries().added().occurrences(text).isEmpty()) {
            return framed(text, findPlain(text, true));
        }
        NativeTokenizer.Encoded encoded = parsing.encode(text, true);
        List<Token> tokens = new ArrayList<>(encoded.ids().length);
        boolean before = true;
        for (int index = 0; index < encoded.ids().length; index++) {
            boolean framed = encoded.framed()[index];
            before &= framed;
            tokens.add(token(encoded.ids()[index], framed ? rule(before) : null));
        }
        return checked(text, tokens);
    }

    private TokenSequence framed(String text, List<NativeTokenizer.Found> found) {
        List<Token> tokens = new ArrayList<>(found.size());
        boolean before = true;
        for (NativeTokenizer.Found token : found) {
            before &= token.framed();
            tokens.add(token(token.id(), token.framed() ? rule(before) : null));
        }
        return checked(text, tokens);
    }

    private String rule(boolean before) {
        return before ? definition.frame().before() : definition.frame().after();
    }

    private TokenSequence checked(String text, List<Token> tokens) {
        coverage.requireNothingLost(
                text, tokens.stream().filter(token -> !token.isAdded()).toList());
        return new TokenSequence(tokens, textOf(tokens));
    }

    /**
     * Without the special tokens. A tokenizer that never heard of them may have numbered the other added tokens anew,
     * so those are known by their spelling.
     */
    private List<NativeTokenizer.Found> findPlain(String text, boolean frame) {
        return plain().find(text, frame).stream()
                .map(found -> definition
                        .entries()
                        .added()
                        .byContent(found.piece())
                        .filter(added -> !added.special() && !found.framed())
                        .map(added ->
                                new NativeTokenizer.Found(added.id(), found.piece(), false, found.from(), found.to()))
                        .orElse(found))
                .toList();
    }

    private synchronized NativeTokenizer plain() {
        if (plain == null) {
            plain = engine(definition, false);
        }
        return plain;
    }

    private static void requireUnicode(String text) {
        Objects.requireNonNull(text, "text");
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            boolean paired = Character.isHighSurrogate(unit)
                    && index + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(index + 1));
            if (!paired) {
                throw new IllegalArgumentException(
                        "the text has half a character, U+%04X, at index %d; a pair of surrogates must not be cut in two"
                                .formatted((int) unit, index));
            }
            index++;
        }
    }

    /** The sequence of these ids. */
    public TokenSequence sequence(int... ids) {
        List<Token> tokens = Arrays.stream(ids).mapToObj(id -> token(id, null)).toList();
        return new TokenSequence(tokens, textOf(tokens));
    }

    /** The text of these ids, special tokens included. Bytes that are no character become U+FFFD. */
    public String decode(int... ids) {
        return sequence(ids).text();
    }

    private String textOf(List<Token> tokens) {
        if (definition.entries().pieces() != Pieces.BYTE_LEVEL) {
            return parsing.decode(tokens.stream().mapToInt(Token::id).toArray());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> token.appendTo(bytes));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The token of an id. */
    public Token token(int id) {
        return token(id, null);
    }

    private Token token(int id, String rule) {
        if (id < 0 || id >= vocabularySize()) {
            throw new IllegalArgumentException(
                    "token id %d does not exist; ids are 0..%d".formatted(id, vocabularySize() - 1));
        }
        TokenizerDefinition.Entries entries = definition.entries();
        Optional<AddedToken> added = entries.added().byId(id);
        byte[] bytes = added.map(token -> token.content().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> entries.pieces().bytes(entries.vocabulary().piece(id)));
        boolean special = added.map(AddedToken::special).orElse(false);
        return new Token(id, new String(bytes, StandardCharsets.UTF_8), bytes, special, rule);
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
        if (!hasChatTemplate()) {
            throw new IllegalArgumentException(
                    "%s has no chat template, as a model that only continues texts; use encode(text)"
                            .formatted(definition.source()));
        }
        messages.forEach(message -> requireUnicode(message.content()));
        Conversation conversation =
                Conversation.render(definition.template(), messages, variables(addGenerationPrompt));
        List<Token> tokens = new ArrayList<>();
        for (Conversation.Part part : conversation.parts(definition.entries().added(), messages)) {
            List<NativeTokenizer.Found> found =
                    part.parsed() ? parsing.find(part.text(), false) : findPlain(part.text(), false);
            for (NativeTokenizer.Found token : found) {
                tokens.add(token(token.id(), conversation.rule(part, token)));
            }
        }
        coverage.requireNothingLost(conversation.text(), tokens);
        return new TokenSequence(tokens, textOf(tokens));
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
