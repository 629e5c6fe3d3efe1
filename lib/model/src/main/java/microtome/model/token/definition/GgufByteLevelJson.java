package microtome.model.token.definition;

import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/** Byte-level BPE: tokens and merges are in the file, the pattern for cutting follows from a name. */
final class GgufByteLevelJson extends GgufJson {
    private static final String MERGES = "tokenizer.ggml.merges";

    private final PreTokenizer pre;
    private final Utf8Array merges;

    GgufByteLevelJson(GgufMetadata metadata, Utf8Array tokens, PreTokenizer pre) {
        super(metadata, tokens);
        this.pre = pre;
        this.merges = metadata.utf8(MERGES);
    }

    @Override
    boolean addedTokensAreNormalized() {
        return false;
    }

    @Override
    void writeSteps(JsonBytes json, boolean withSpecialTokens) {
        json.raw("\"normalizer\":" + (pre.composes() ? "{\"type\":\"NFC\"}" : "null") + ",");
        json.raw("\"pre_tokenizer\":").raw(pre.json());
        json.raw(
                ",\"decoder\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}");
        json.raw(",\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,\"continuing_subword_prefix\":null");
        json.raw(",\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":");
        json.raw(pre.takesWholeWords() + ",");
        writeVocabulary(json);
        json.raw(",\"merges\":[");
        merges.forEach((index, buffer, offset, length) -> {
            if (index > 0) {
                json.raw(',');
            }
            json.string(buffer, offset, length);
        });
        json.raw("]}");
    }
}
