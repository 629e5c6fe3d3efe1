package microtome.model.token;

import java.util.List;
import java.util.stream.IntStream;
import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/** Writes what a GGUF file says about its tokenizer as the {@code tokenizer.json} that means the same. */
abstract class GgufJson {
    private static final String FLAGS = ",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":";
    private static final String SEQUENCE = "{\"Sequence\":{\"id\":\"%s\",\"type_id\":0}}";
    private static final int BYTES_PER_TOKEN = 32;

    private final GgufMetadata metadata;
    private final Utf8Array tokens;

    GgufJson(GgufMetadata metadata, Utf8Array tokens) {
        this.metadata = metadata;
        this.tokens = tokens;
    }

    GgufMetadata metadata() {
        return metadata;
    }

    Utf8Array tokens() {
        return tokens;
    }

    /** Whether added tokens are looked for in the normalised text rather than in the given one. */
    abstract boolean addedTokensAreNormalized();

    /** Everything from the normalizer to the model, except what puts tokens around a text. */
    abstract void writeSteps(JsonBytes json);

    final String text(List<AddedToken> added, TokenizerDefinition.Frame frame) {
        JsonBytes json = new JsonBytes(BYTES_PER_TOKEN * tokens.size() + 1024);
        json.raw("{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[");
        String separator = "";
        for (AddedToken token : added) {
            json.raw(separator)
                    .raw("{\"id\":")
                    .number(token.id())
                    .raw(",\"special\":" + token.special() + FLAGS)
                    .raw((!token.special() && addedTokensAreNormalized()) + ",\"content\":")
                    .string(token.content())
                    .raw('}');
            separator = ",";
        }
        json.raw("],");
        writeFrame(json, frame);
        writeSteps(json);
        return json.raw('}').text();
    }

    private void writeFrame(JsonBytes json, TokenizerDefinition.Frame frame) {
        if (frame.before() == null && frame.after() == null) {
            json.raw("\"post_processor\":null,");
            return;
        }
        json.raw("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[");
        if (frame.before() != null) {
            writeFramed(json, frame.beginning().orElseThrow());
            json.raw(',');
        }
        json.raw(SEQUENCE.formatted("A"));
        if (frame.after() != null) {
            json.raw(',');
            writeFramed(json, frame.end().orElseThrow());
        }
        json.raw("],\"pair\":[").raw(SEQUENCE.formatted("A")).raw(',').raw(SEQUENCE.formatted("B"));
        json.raw("],\"special_tokens\":{");
        IntStream.Builder framed = IntStream.builder();
        if (frame.before() != null) {
            framed.add(frame.beginning().getAsInt());
        }
        if (frame.after() != null) {
            framed.add(frame.end().getAsInt());
        }
        writeFramedTable(json, framed.build().distinct().toArray());
        json.raw("}},");
    }

    private void writeFramed(JsonBytes json, int id) {
        json.raw("{\"SpecialToken\":{\"id\":").string(tokens.get(id)).raw(",\"type_id\":0}}");
    }

    private void writeFramedTable(JsonBytes json, int... ids) {
        for (int index = 0; index < ids.length; index++) {
            String token = tokens.get(ids[index]);
            json.raw(index > 0 ? "," : "").string(token).raw(":{\"id\":").string(token);
            json.raw(",\"ids\":[")
                    .number(ids[index])
                    .raw("],\"tokens\":[")
                    .string(token)
                    .raw("]}");
        }
    }

    /** The vocabulary, spelling → id. */
    final void writeVocabulary(JsonBytes json) {
        json.raw("\"vocab\":{");
        tokens.forEach((id, buffer, offset, length) -> {
            if (id > 0) {
                json.raw(',');
            }
            json.string(buffer, offset, length).raw(':').number(id);
        });
        json.raw('}');
    }
}
