package microtome.model.token.definition;

import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * SentencePiece's unigram model, as T5 has it: the pieces whose scores add up to most. A piece that stands for no text,
 * such as the end of a sequence, must not be found in one; it keeps its id under a spelling that no text has.
 */
final class UnigramJson extends DefinitionJson {
    private static final String BLANK = "\u2581";

    /**
     * What happens to a text first.
     *
     * @param charsmap which characters become which others, null when none do
     * @param removesExtraBlanks whether blanks at both ends and repeated ones go
     * @param prefix whether a blank comes before a text and behind added tokens
     */
    record Rules(byte[] charsmap, boolean removesExtraBlanks, boolean prefix) {}

    private final List<String> pieces;
    private final double[] scores;
    private final int unknown;
    private final Set<Integer> noText;
    private final Rules rules;

    UnigramJson(List<String> pieces, double[] scores, int unknown, Set<Integer> noText, Rules rules) {
        this.pieces = pieces;
        this.scores = scores;
        this.unknown = unknown;
        this.noText = noText;
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
    boolean modelFindsAddedTokens() {
        return true;
    }

    @Override
    void writeSteps(JsonBytes json, boolean withSpecialTokens) {
        String scheme = ",\"prepend_scheme\":\"" + (rules.prefix ? "always" : "never") + "\",\"split\":true}";
        json.raw("\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[");
        writeNormalizers(json);
        json.raw("]},\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"" + BLANK + "\"" + scheme);
        json.raw(",\"decoder\":{\"type\":\"Metaspace\",\"replacement\":\"" + BLANK + "\"" + scheme);
        json.raw(",\"model\":{\"type\":\"Unigram\",\"unk_id\":").number(unknown);
        json.raw(",\"byte_fallback\":false,\"vocab\":[");
        for (int id = 0; id < pieces.size(); id++) {
            boolean hidden = !withSpecialTokens && noText.contains(id);
            json.raw(id > 0 ? ",[" : "[").string(hidden ? Unfindable.spelling(id) : pieces.get(id));
            json.raw("," + scores[id] + "]");
        }
        json.raw("]}");
    }

    private void writeNormalizers(JsonBytes json) {
        String separator = "";
        if (rules.charsmap != null) {
            String text = Base64.getEncoder().encodeToString(rules.charsmap);
            json.raw("{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" + text + "\"}");
            separator = ",";
        }
        if (rules.removesExtraBlanks) {
            json.raw(separator + "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true},");
            json.raw("{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"}");
        }
    }
}
