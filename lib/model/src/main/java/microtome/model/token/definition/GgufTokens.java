package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/** The tokens of a GGUF file with their types, what is added to a text, and the rules of both. */
final class GgufTokens {
    static final String PREFIX = "tokenizer.ggml.";
    static final String MODEL = PREFIX + "model";
    static final String ADD_BOS = PREFIX + "add_bos_token";
    static final String ADD_EOS = PREFIX + "add_eos_token";
    static final String BOS = PREFIX + "bos_token_id";
    static final String EOS = PREFIX + "eos_token_id";
    static final String UNKNOWN_ID = PREFIX + "unknown_token_id";
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    private static final String TOKENS = PREFIX + "tokens";
    private static final String SCORES = PREFIX + "scores";
    private static final String TYPES = PREFIX + "token_type";
    private static final String TEMPLATE = "tokenizer.chat_template";

    private final GgufMetadata metadata;
    private final Utf8Array tokens;
    private final long[] types;

    GgufTokens(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.utf8(TOKENS);
        this.types = metadata.has(TYPES) ? metadata.longs(TYPES) : new long[0];
        if (types.length != 0 && types.length != tokens.size()) {
            throw metadata.bad(TYPES, types.length + " types", "as many as tokens, which are " + tokens.size());
        }
    }

    GgufMetadata metadata() {
        return metadata;
    }

    Utf8Array tokens() {
        return tokens;
    }

    long[] types() {
        return types;
    }

    /** The type of a token; a file that gives none has normal ones. */
    long type(int id) {
        return types.length == 0 ? NORMAL : types[id];
    }

    double[] scores() {
        double[] scores = metadata.floats(SCORES);
        if (scores.length != tokens.size()) {
            throw metadata.bad(SCORES, scores.length + " scores", "as many as tokens, which are " + tokens.size());
        }
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw metadata.bad(SCORES, "the score " + score, "finite numbers");
            }
        }
        return scores;
    }

    List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if (special || types[id] == USER_DEFINED) {
                added.add(new AddedToken(id, tokens.get(id), special));
            }
        }
        return added;
    }

    /** The id under a key; a file without token types says only here that the token is special. */
    OptionalInt id(String key, List<AddedToken> added) {
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

    /** Beginning and end by the keys that say whether they are added, and by these defaults. */
    TokenizerDefinition.Frame frame(boolean beginningByDefault, boolean endByDefault, List<AddedToken> added) {
        OptionalInt beginning = id(BOS, added);
        OptionalInt end = id(EOS, added);
        boolean addsBeginning = metadata.booleanValue(ADD_BOS, beginningByDefault && beginning.isPresent());
        boolean addsEnd = metadata.booleanValue(ADD_EOS, endByDefault && end.isPresent());
        require(beginning, addsBeginning, ADD_BOS, BOS);
        require(end, addsEnd, ADD_EOS, EOS);
        return new TokenizerDefinition.Frame(beginning, end, addsBeginning ? ADD_BOS : null, addsEnd ? ADD_EOS : null);
    }

    private void require(OptionalInt id, boolean added, String rule, String key) {
        if (added && id.isEmpty()) {
            throw metadata.bad(rule, "true, but there is no " + key, "both or neither");
        }
    }

    TokenizerDefinition definition(
            DefinitionJson json,
            Pieces pieces,
            List<AddedToken> added,
            TokenizerDefinition.Frame frame,
            Supplier<List<String>> kind) {
        AddedTokens table = new AddedTokens(added);
        Vocabulary vocabulary = json instanceof GgufJson ? new GgufVocabulary(tokens) : new ListedVocabulary(json);
        return new TokenizerDefinition(
                metadata.path(),
                special -> json.text(special, added, frame),
                new TokenizerDefinition.Entries(vocabulary, pieces, table, () -> rules(kind.get(), frame, table)),
                frame,
                metadata.has(TEMPLATE) ? metadata.string(TEMPLATE) : null);
    }

    private List<String> rules(List<String> kind, TokenizerDefinition.Frame frame, AddedTokens added) {
        List<String> rules = new ArrayList<>(kind);
        rules.add(rule("BOS", ADD_BOS, frame.before(), frame.beginning()));
        rules.add(rule("EOS", ADD_EOS, frame.after(), frame.end()));
        rules.add(added.rule());
        return List.copyOf(rules);
    }

    private String rule(String name, String key, String applied, OptionalInt id) {
        String what = applied == null ? "no " + name : "the %s token '%s'".formatted(name, tokens.get(id.getAsInt()));
        if (applied != null && !applied.equals(key)) {
            return "adds %s (%s)".formatted(what, applied);
        }
        String why = metadata.has(key) ? "%s = %b".formatted(key, applied != null) : key + " is absent";
        return "adds %s (%s)".formatted(what, why);
    }
}
