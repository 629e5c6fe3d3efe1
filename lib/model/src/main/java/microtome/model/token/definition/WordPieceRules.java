package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.List;

/**
 * What BERT's tokenizer does to a text before it looks for pieces of words.
 *
 * @param lowercase whether capital letters become small ones
 * @param stripAccents whether accents go; null means as {@code lowercase}
 * @param separatesIdeographs whether every Chinese character is a word of its own
 */
record WordPieceRules(boolean lowercase, Boolean stripAccents, boolean separatesIdeographs) {
    private static final int LONGEST_WORD = 100;

    /** The normalizer, the pre-tokenizer and the decoder, and the model up to its vocabulary. */
    void write(JsonBytes json, String unknown) {
        json.raw("\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":"
                + separatesIdeographs + ",\"strip_accents\":" + stripAccents + ",\"lowercase\":" + lowercase + "},");
        json.raw("\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},");
        json.raw("\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true},");
        json.raw("\"model\":{\"type\":\"WordPiece\",\"continuing_subword_prefix\":\"##\",");
        json.raw("\"max_input_chars_per_word\":" + LONGEST_WORD + ",\"unk_token\":");
        json.string(unknown).raw(',');
    }

    /** For people. */
    String description(String why) {
        List<String> words = new ArrayList<>();
        words.add("words and punctuation apart");
        words.add(lowercase ? "lower-cased" : "case kept");
        words.add((stripAccents == null ? lowercase : stripAccents) ? "accents stripped" : "accents kept");
        if (separatesIdeographs) {
            words.add("every ideograph apart");
        }
        return String.join(", ", words) + " (" + why + ")";
    }
}
