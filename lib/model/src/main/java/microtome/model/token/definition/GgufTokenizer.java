package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufMetadata;

/** Reads the tokenizer out of the metadata of a GGUF file. */
public final class GgufTokenizer {
    private static final String PREFIX = GgufTokens.PREFIX;
    private static final String MODEL = GgufTokens.MODEL;
    private static final String ADD_PREFIX = PREFIX + "add_space_prefix";
    private static final String EXTRA_BLANKS = PREFIX + "remove_extra_whitespaces";
    private static final String CHARSMAP = PREFIX + "precompiled_charsmap";

    private final GgufMetadata metadata;
    private final GgufTokens tokens;
    private final int size;

    private GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
        this.tokens = new GgufTokens(metadata);
        this.size = tokens.tokens().size();
    }

    /** The tokenizer that the metadata of a file describe. */
    public static TokenizerDefinition read(GgufMetadata metadata) {
        String model = metadata.string(MODEL);
        return switch (model) {
            case "gpt2" -> new GgufTokenizer(metadata).byteLevel();
            case "llama" -> new GgufTokenizer(metadata).sentencePiece();
            case "t5" -> new GgufTokenizer(metadata).unigram();
            case "bert" -> GgufWordPiece.read(new GgufTokens(metadata));
            default ->
                throw new BadWeightFile(
                        metadata.path(),
                        "metadata '" + MODEL + "'",
                        "a tokenizer of the unknown kind '" + model + "'",
                        "gpt2 (byte-level BPE), llama (SentencePiece BPE), t5 (SentencePiece unigram), bert (WordPiece)",
                        "give a model with one of these, or one with a tokenizer.json");
        };
    }

    private TokenizerDefinition byteLevel() {
        PreTokenizer pre = preTokenizer();
        List<AddedToken> added = tokens.added();
        TokenizerDefinition.Frame frame = tokens.frame(pre.addsBeginningByDefault(), false, added);
        GgufByteLevelJson json = new GgufByteLevelJson(metadata, tokens.tokens(), pre);
        return tokens.definition(
                json,
                Pieces.BYTE_LEVEL,
                added,
                frame,
                () -> List.of(
                        "byte-level BPE, %,d tokens (%s = gpt2)".formatted(size, MODEL),
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
        boolean prefix = metadata.booleanValue(ADD_PREFIX, true);
        for (String unsupported : List.of(CHARSMAP, EXTRA_BLANKS)) {
            if (metadata.has(unsupported) && !metadata.kind(unsupported).equals("BOOL")
                    || metadata.has(unsupported) && metadata.booleanValue(unsupported)) {
                throw metadata.bad(unsupported, "a text normalisation that is not supported", "files without it");
            }
        }
        List<AddedToken> added = tokens.added();
        TokenizerDefinition.Frame frame = tokens.frame(true, false, added);
        GgufSentencePieceJson json =
                new GgufSentencePieceJson(metadata, tokens.tokens(), tokens.types(), tokens.scores(), prefix);
        return tokens.definition(
                json,
                Pieces.SENTENCE_PIECE,
                added,
                frame,
                () -> List.of("SentencePiece BPE, %,d tokens (%s = llama)".formatted(size, MODEL), blankRule(prefix)));
    }

    private static String blankRule(boolean prefix) {
        return "%s before a text (%s)".formatted(prefix ? "adds a blank" : "adds no blank", ADD_PREFIX);
    }

    /** SentencePiece's unigram model; llama.cpp names it after T5, and adds the end of a sequence unless the file says no. */
    private TokenizerDefinition unigram() {
        UnigramJson.Rules rules = new UnigramJson.Rules(
                charsmap(), metadata.booleanValue(EXTRA_BLANKS, false), metadata.booleanValue(ADD_PREFIX, true));
        List<AddedToken> added = tokens.added();
        TokenizerDefinition.Frame frame = tokens.frame(false, true, added);
        List<String> pieces = tokens.tokens().toList();
        UnigramJson json = new UnigramJson(pieces, scores(), unknown(added), noText(), rules);
        return tokens.definition(json, Pieces.SENTENCE_PIECE, added, frame, () -> {
            List<String> kind = new ArrayList<>();
            kind.add("SentencePiece unigram, %,d tokens (%s = t5)".formatted(size, MODEL));
            kind.add(blankRule(rules.prefix()));
            kind.add("%s (%s)"
                    .formatted(rules.removesExtraBlanks() ? "drops extra blanks" : "keeps all blanks", EXTRA_BLANKS));
            kind.add(rules.charsmap() == null ? "rewrites no characters" : "rewrites characters (" + CHARSMAP + ")");
            return kind;
        });
    }

    /** A user-defined piece is taken wherever its text stands, so nothing may score better. */
    private double[] scores() {
        double[] scores = tokens.scores();
        for (int id = 0; id < size; id++) {
            scores[id] = tokens.type(id) == GgufTokens.USER_DEFINED ? 0 : scores[id];
        }
        return scores;
    }

    private byte[] charsmap() {
        if (!metadata.has(CHARSMAP)) {
            return null;
        }
        long[] values = metadata.longs(CHARSMAP);
        byte[] table = new byte[values.length];
        for (int index = 0; index < table.length; index++) {
            table[index] = (byte) values[index];
        }
        Charsmap.fault(table).ifPresent(fault -> {
            throw metadata.bad(CHARSMAP, fault, "a table of SentencePiece");
        });
        return table;
    }

    private int unknown(List<AddedToken> added) {
        OptionalInt named = tokens.id(GgufTokens.UNKNOWN_ID, added);
        for (int id = 0; named.isEmpty() && id < size; id++) {
            named = tokens.type(id) == GgufTokens.UNKNOWN ? OptionalInt.of(id) : named;
        }
        return named.orElseThrow(() -> metadata.bad(
                GgufTokens.UNKNOWN_ID, "no such key and no token of type 2", "the token for what no other stands for"));
    }

    /** Tokens that no text may become by itself. */
    private Set<Integer> noText() {
        Set<Integer> found = new HashSet<>();
        for (int id = 0; id < size; id++) {
            long type = tokens.type(id);
            if (type != GgufTokens.NORMAL && type != GgufTokens.USER_DEFINED && type != GgufTokens.UNUSED) {
                found.add(id);
            }
        }
        return found;
    }
}
