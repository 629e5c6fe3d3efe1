package microtome.model.token;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/** Reads the tokenizer out of the metadata of a GGUF file. */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String MODEL = PREFIX + "model";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String TYPES = PREFIX + "token_type";
    private static final String ADD_BOS = PREFIX + "add_bos_token";
    private static final String ADD_EOS = PREFIX + "add_eos_token";
    private static final String BOS = PREFIX + "bos_token_id";
    private static final String EOS = PREFIX + "eos_token_id";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private final GgufMetadata metadata;
    private final Utf8Array tokens;
    private final long[] types;

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.utf8(TOKENS);
        this.types = metadata.has(TYPES) ? metadata.longs(TYPES) : new long[0];
        if (types.length != 0 && types.length != tokens.size()) {
            throw metadata.bad(TYPES, types.length + " types", "as many as tokens, which are " + tokens.size());
        }
    }

    static TokenizerDefinition read(GgufMetadata metadata) {
        String model = metadata.string(MODEL);
        return switch (model) {
            case "gpt2" -> new GgufTokenizer(metadata).byteLevel();
            case "llama" -> new GgufTokenizer(metadata).sentencePiece();
            default ->
                throw new BadWeightFile(
                        metadata.path(),
                        "metadata '" + MODEL + "'",
                        "a tokenizer of the unknown kind '" + model + "'",
                        "gpt2 (byte-level BPE), llama (SentencePiece BPE)",
                        "give a model with one of these, or one with a tokenizer.json");
        };
    }

    private TokenizerDefinition byteLevel() {
        PreTokenizer pre = preTokenizer();
        List<AddedToken> added = addedTokens();
        TokenizerDefinition.Frame frame = frame(pre.addsBeginningByDefault(), added);
        GgufByteLevelJson json = new GgufByteLevelJson(metadata, tokens, pre);
        return definition(
                json,
                Pieces.BYTE_LEVEL,
                added,
                frame,
                () -> List.of(
                        "byte-level BPE, %,d tokens (%s = gpt2)".formatted(tokens.size(), MODEL),
                        "%s (%spre = %s)"
                                .formatted(pre.description(), PREFIX, metadata.string(PREFIX + "pre", "default"))));
    }

    private PreTokenizer preTokenizer() {
        String name = metadata.string(PREFIX + "pre", "default");
        return PreTokenizer.named(name)
                .orElseThrow(() -> new BadWeightFile(
                        metadata.path(),
                        "metadata '" + PREFIX + "pre'",
                        "the unknown pre-tokenizer '" + name + "'",
                        PreTokenizer.known(),
                        "give a model with one of these, or one with a tokenizer.json"));
    }

    private TokenizerDefinition sentencePiece() {
        boolean prefix = metadata.booleanValue(PREFIX + "add_space_prefix", true);
        for (String unsupported : List.of(PREFIX + "precompiled_charsmap", PREFIX + "remove_extra_whitespaces")) {
            if (metadata.has(unsupported) && !metadata.kind(unsupported).equals("BOOL")
                    || metadata.has(unsupported) && metadata.booleanValue(unsupported)) {
                throw metadata.bad(unsupported, "a text normalisation that is not supported", "files without it");
            }
        }
        List<AddedToken> added = addedTokens();
        TokenizerDefinition.Frame frame = frame(true, added);
        GgufSentencePieceJson json = new GgufSentencePieceJson(metadata, tokens, types, prefix);
        return definition(
                json,
                Pieces.SENTENCE_PIECE,
                added,
                frame,
                () -> List.of(
                        "SentencePiece BPE, %,d tokens (%s = llama)".formatted(tokens.size(), MODEL),
                        "%s before a text (%sadd_space_prefix)"
                                .formatted(prefix ? "adds a blank" : "adds no blank", PREFIX)));
    }

    private TokenizerDefinition definition(
            GgufJson body,
            Pieces pieces,
            List<AddedToken> added,
            TokenizerDefinition.Frame frame,
            Supplier<List<String>> kind) {
        AddedTokens table = new AddedTokens(added);
        return new TokenizerDefinition(
                metadata.path(),
                special -> body.text(special ? added : withoutSpecial(added), frame),
                new TokenizerDefinition.Entries(
                        new GgufVocabulary(tokens), pieces, table, () -> rules(kind.get(), frame, table)),
                frame,
                metadata.has(TEMPLATE) ? metadata.string(TEMPLATE) : null);
    }

    private List<String> rules(List<String> kind, TokenizerDefinition.Frame frame, AddedTokens added) {
        List<String> rules = new ArrayList<>(kind);
        rules.add(rule("BOS", ADD_BOS, frame.before() != null, frame.beginning()));
        rules.add(rule("EOS", ADD_EOS, frame.after() != null, frame.end()));
        rules.add("%d special tokens; their text inside a prompt stays text unless asked otherwise"
                .formatted(added.specialCount()));
        return List.copyOf(rules);
    }

    private String rule(String name, String key, boolean adds, OptionalInt id) {
        String what = adds ? "the %s token '%s'".formatted(name, tokens.get(id.getAsInt())) : "no " + name;
        String why = metadata.has(key) ? "%s = %b".formatted(key, adds) : key + " is absent";
        return "adds %s (%s)".formatted(what, why);
    }

    private static List<AddedToken> withoutSpecial(List<AddedToken> added) {
        return added.stream().filter(token -> !token.special()).toList();
    }

    private List<AddedToken> addedTokens() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if (special || types[id] == USER_DEFINED) {
                added.add(new AddedToken(id, tokens.get(id), special));
            }
        }
        return added;
    }

    private TokenizerDefinition.Frame frame(boolean addsBeginningByDefault, List<AddedToken> added) {
        OptionalInt beginning = id(BOS, added);
        OptionalInt end = id(EOS, added);
        boolean addsBeginning = metadata.booleanValue(ADD_BOS, addsBeginningByDefault && beginning.isPresent());
        boolean addsEnd = metadata.booleanValue(ADD_EOS, false);
        require(beginning, addsBeginning, ADD_BOS, BOS);
        require(end, addsEnd, ADD_EOS, EOS);
        return new TokenizerDefinition.Frame(beginning, end, addsBeginning ? ADD_BOS : null, addsEnd ? ADD_EOS : null);
    }

    private void require(OptionalInt id, boolean added, String rule, String key) {
        if (added && id.isEmpty()) {
            throw metadata.bad(rule, "true, but there is no " + key, "both or neither");
        }
    }

    /** The id under a key; a file without token types says only here that the token is special. */
    private OptionalInt id(String key, List<AddedToken> added) {
        if (!metadata.has(key)) {
            return OptionalInt.empty();
        }
        long id = metadata.longValue(key);
        if (id < 0 || id >= tokens.size()) {
            throw metadata.bad(key, Long.toString(id), "0..%d".formatted(tokens.size() - 1));
        }
        if (added.stream().noneMatch(token -> token.id() == id)) {
            added.add(new AddedToken((int) id, tokens.get((int) id), true));
        }
        return OptionalInt.of((int) id);
    }
}
