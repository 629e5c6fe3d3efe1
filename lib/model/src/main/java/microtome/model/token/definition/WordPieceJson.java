package microtome.model.token.definition;

import java.util.List;

/** BERT's WordPiece: words are cut into the longest pieces that the vocabulary has, {@code ##} before all but the first. */
final class WordPieceJson extends DefinitionJson {
    private final List<String> pieces;
    private final String unknown;
    private final WordPieceRules rules;

    WordPieceJson(List<String> pieces, String unknown, WordPieceRules rules) {
        this.pieces = pieces;
        this.unknown = unknown;
        this.rules = rules;
    }

    @Override
    int size() {
        return pieces.size();
    }

    @Override
    String piece(int id) {
        return pieces.get(id);
    }

    @Override
    boolean addedTokensAreNormalized() {
        return false;
    }

    @Override
    void writeSteps(JsonBytes json, boolean withSpecialTokens) {
        rules.write(json, unknown);
        json.raw("\"vocab\":{");
        for (int id = 0; id < pieces.size(); id++) {
            json.raw(id > 0 ? "," : "").string(pieces.get(id)).raw(':').number(id);
        }
        json.raw("}}");
    }
}
