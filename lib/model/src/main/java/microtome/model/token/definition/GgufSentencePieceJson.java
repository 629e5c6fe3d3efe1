package microtome.model.token.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/**
 * BPE as SentencePiece has it: the file gives a score for every token, and the two neighbours whose union scores best
 * are joined first. Written as merges: every way to cut a token in two tokens, the best token first. Where the file asks
 * for a blank before a text, it also comes behind every added token, as in the Llama tokenizers of transformers.
 */
final class GgufSentencePieceJson extends GgufJson {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int USER_DEFINED = 4;
    private static final char BLANK = '\u2581';

    /** Two tokens that make a third. */
    private record Merge(int left, int right, double score) {}

    private final long[] types;
    private final double[] scores;
    private final boolean prefix;

    GgufSentencePieceJson(GgufMetadata metadata, Utf8Array tokens, long[] types, double[] scores, boolean prefix) {
        super(metadata, tokens);
        this.types = types;
        this.scores = scores;
        this.prefix = prefix;
    }

    @Override
    boolean addedTokensAreNormalized() {
        return !prefix;
    }

    @Override
    void writeSteps(JsonBytes json, boolean withSpecialTokens) {
        List<String> pieces = metadata().strings("tokenizer.ggml.tokens");
        requireNoBlanks(pieces);
        json.raw("\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[");
        json.raw(prefix ? "{\"type\":\"Prepend\",\"prepend\":\"" + BLANK + "\"}," : "");
        json.raw("{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"" + BLANK + "\"}]},");
        json.raw("\"pre_tokenizer\":null,\"decoder\":{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",");
        json.raw("\"pattern\":{\"String\":\"" + BLANK + "\"},\"content\":\" \"},{\"type\":\"ByteFallback\"},");
        json.raw("{\"type\":\"Fuse\"}"
                + (prefix ? ",{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}" : ""));
        json.raw("]},\"model\":{\"type\":\"BPE\",\"dropout\":null,\"continuing_subword_prefix\":null,");
        json.raw("\"end_of_word_suffix\":null,\"fuse_unk\":true,\"byte_fallback\":true,\"ignore_merges\":false,");
        writeUnknown(json, pieces);
        writeVocabulary(json);
        writeMerges(json, pieces);
        json.raw('}');
    }

    /** User-defined tokens with blanks are matched after blanks became ▁, which a prefixed blank would disturb. */
    private void requireNoBlanks(List<String> pieces) {
        for (int id = 0; prefix && id < types.length; id++) {
            if (types[id] == USER_DEFINED && pieces.get(id).indexOf(BLANK) >= 0) {
                throw new BadWeightFile(
                        metadata().path(),
                        "metadata 'tokenizer.ggml.tokens'",
                        "the user-defined token '%s' together with a blank before every text".formatted(pieces.get(id)),
                        "one of the two",
                        "give a model with a tokenizer.json");
            }
        }
    }

    private void writeUnknown(JsonBytes json, List<String> pieces) {
        json.raw("\"unk_token\":");
        for (int id = 0; id < types.length; id++) {
            if (types[id] == UNKNOWN) {
                json.string(pieces.get(id)).raw(',');
                return;
            }
        }
        json.raw("null,");
    }

    private void writeMerges(JsonBytes json, List<String> pieces) {
        json.raw(",\"merges\":[");
        String separator = "";
        for (Merge merge : merges(pieces)) {
            json.raw(separator).raw('[').string(pieces.get(merge.left)).raw(',');
            json.string(pieces.get(merge.right)).raw(']');
            separator = ",";
        }
        json.raw(']');
    }

    private List<Merge> merges(List<String> pieces) {
        Map<String, Integer> ids = HashMap.newHashMap(pieces.size());
        for (int id = 0; id < pieces.size(); id++) {
            ids.put(pieces.get(id), id);
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            if (types.length == 0 || types[id] == NORMAL || types[id] == USER_DEFINED) {
                addMerges(pieces.get(id), scores[id], ids, merges);
            }
        }
        merges.sort(Comparator.comparingDouble(Merge::score).reversed());
        return merges;
    }

    private static void addMerges(String piece, double score, Map<String, Integer> ids, List<Merge> merges) {
        List<Merge> ofPiece = new ArrayList<>();
        for (int cut = 1; cut < piece.length(); cut++) {
            if (Character.isSurrogatePair(piece.charAt(cut - 1), piece.charAt(cut))) {
                continue;
            }
            Integer left = ids.get(piece.substring(0, cut));
            Integer right = left == null ? null : ids.get(piece.substring(cut));
            if (right != null) {
                ofPiece.add(new Merge(left, right, score));
            }
        }
        ofPiece.sort(Comparator.comparingInt(Merge::left).thenComparingInt(Merge::right));
        merges.addAll(ofPiece);
    }
}
