package microtome.model.token.definition;

import microtome.model.format.GgufMetadata;
import microtome.model.format.Utf8Array;

/** A definition from the metadata of a GGUF file; its tokens go over as bytes. */
abstract class GgufJson extends DefinitionJson {
    private final GgufMetadata metadata;
    private final Utf8Array tokens;

    GgufJson(GgufMetadata metadata, Utf8Array tokens) {
        this.metadata = metadata;
        this.tokens = tokens;
    }

    GgufMetadata metadata() {
        return metadata;
    }

    @Override
    final int size() {
        return tokens.size();
    }

    @Override
    final String piece(int id) {
        return tokens.get(id);
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
