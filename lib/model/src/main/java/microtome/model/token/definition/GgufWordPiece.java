package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import microtome.model.format.GgufMetadata;

/**
 * WordPiece in a GGUF file. The converter marks where words begin ({@code ▁}) instead of where they go on ({@code ##}),
 * which is turned round here, and says nothing of lower-casing: a vocabulary without capital letters cannot mean else.
 */
final class GgufWordPiece {
    private static final char BEGINS = '\u2581';
    private static final String CONTINUES = "##";
    private static final String CLS = GgufTokens.PREFIX + "cls_token_id";
    /** Both spellings are in use; the first is that of the format. */
    private static final List<String> SEPARATORS =
            List.of(GgufTokens.PREFIX + "seperator_token_id", GgufTokens.PREFIX + "separator_token_id");

    private final GgufTokens tokens;
    private final GgufMetadata metadata;
    private final List<AddedToken> added;

    private GgufWordPiece(GgufTokens tokens) {
        this.tokens = tokens;
        this.metadata = tokens.metadata();
        this.added = tokens.added();
    }

    static TokenizerDefinition read(GgufTokens tokens) {
        return new GgufWordPiece(tokens).read();
    }

    private TokenizerDefinition read() {
        int beginning = required("[CLS]", List.of(GgufTokens.BOS, CLS));
        int end = required("[SEP]", SEPARATORS);
        int unknown = required("[UNK]", List.of(GgufTokens.UNKNOWN_ID));
        List<String> pieces = pieces();
        boolean lowercase = !hasCapitals(pieces);
        WordPieceRules rules = new WordPieceRules(lowercase, null, true);
        TokenizerDefinition.Frame frame = new TokenizerDefinition.Frame(
                OptionalInt.of(beginning), OptionalInt.of(end), GgufTokens.MODEL, GgufTokens.MODEL);
        return tokens.definition(
                new WordPieceJson(pieces, pieces.get(unknown), rules),
                Pieces.WORD_PIECE,
                added,
                frame,
                () -> List.of(
                        "WordPiece, %,d tokens (%s = bert)".formatted(pieces.size(), GgufTokens.MODEL),
                        rules.description(
                                lowercase ? "the vocabulary has no capital letters" : "the vocabulary has capitals")));
    }

    /** The id under one of some keys, or else of a spelling. */
    private int required(String spelling, List<String> keys) {
        for (String key : keys) {
            OptionalInt id = tokens.id(key, added);
            if (id.isPresent()) {
                return id.getAsInt();
            }
        }
        for (int id = 0; id < tokens.tokens().size(); id++) {
            if (tokens.tokens().get(id).equals(spelling)) {
                int found = id;
                if (added.stream().noneMatch(token -> token.id() == found)) {
                    added.add(new AddedToken(id, spelling, true));
                }
                return id;
            }
        }
        throw metadata.bad(keys.getFirst(), "no such key and no token " + spelling, "one of the two");
    }

    /** The spelling of BERT. A file whose tokens already have it is left as it is. */
    private List<String> pieces() {
        List<String> given = tokens.tokens().toList();
        if (given.stream().noneMatch(piece -> piece.indexOf(BEGINS) == 0)) {
            return given;
        }
        Set<Integer> special =
                added.stream().filter(AddedToken::special).map(AddedToken::id).collect(Collectors.toSet());
        List<String> pieces = new ArrayList<>(given);
        for (int id = 0; id < pieces.size(); id++) {
            if (!special.contains(id)) {
                String piece = given.get(id);
                pieces.set(id, piece.indexOf(BEGINS) == 0 ? piece.substring(1) : CONTINUES + piece);
            }
        }
        added.replaceAll(token -> new AddedToken(token.id(), pieces.get(token.id()), token.special()));
        return pieces;
    }

    private boolean hasCapitals(List<String> pieces) {
        Set<Integer> apart = added.stream().map(AddedToken::id).collect(Collectors.toSet());
        for (int id = 0; id < pieces.size(); id++) {
            if (!apart.contains(id) && pieces.get(id).chars().anyMatch(letter -> 'A' <= letter && letter <= 'Z')) {
                return true;
            }
        }
        return false;
    }
}
