package microtome.model.token.definition;

import java.util.List;
import java.util.stream.IntStream;

/** Writes what a file says about its tokenizer as the {@code tokenizer.json} that means the same. */
abstract class DefinitionJson {
    private static final String FLAGS = ",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":";
    private static final String SEQUENCE = "{\"Sequence\":{\"id\":\"%s\",\"type_id\":0}}";
    private static final int BYTES_PER_TOKEN = 32;

    /** Number of ids. */
    abstract int size();

    /** The spelling of a token. */
    abstract String piece(int id);

    /** Whether added tokens are looked for in the normalised text rather than in the given one. */
    abstract boolean addedTokensAreNormalized();

    /** Whether added tokens that are not special are the model's own business, so that they are not looked for first. */
    boolean modelFindsAddedTokens() {
        return false;
    }

    /**
     * Everything from the normalizer to the model, except what puts tokens around a text.
     *
     * @param withSpecialTokens whether the text of special tokens will be looked for in a text
     */
    abstract void writeSteps(JsonBytes json, boolean withSpecialTokens);

    final String text(boolean withSpecialTokens, List<AddedToken> added, TokenizerDefinition.Frame frame) {
        JsonBytes json = new JsonBytes(BYTES_PER_TOKEN * size() + 1024);
        json.raw("{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[");
        String separator = "";
        for (AddedToken token : added) {
            if (token.special() ? !withSpecialTokens : modelFindsAddedTokens()) {
                continue;
            }
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
        writeSteps(json, withSpecialTokens);
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
        json.raw("{\"SpecialToken\":{\"id\":").string(piece(id)).raw(",\"type_id\":0}}");
    }

    private void writeFramedTable(JsonBytes json, int... ids) {
        for (int index = 0; index < ids.length; index++) {
            String token = piece(ids[index]);
            json.raw(index > 0 ? "," : "").string(token).raw(":{\"id\":").string(token);
            json.raw(",\"ids\":[")
                    .number(ids[index])
                    .raw("],\"tokens\":[")
                    .string(token)
                    .raw("]}");
        }
    }
}
