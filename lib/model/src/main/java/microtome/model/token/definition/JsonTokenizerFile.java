package microtome.model.token.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import microtome.model.format.BadWeightFile;

/**
 * What Java needs to know of a {@code tokenizer.json}: which kinds of steps it has, its entries and its added tokens.
 * Read as a stream: the vocabulary never becomes a tree. Everything that is read here is checked, because the native
 * library may not survive what it does not expect.
 */
final class JsonTokenizerFile {
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final JsonMapper MAPPER = new JsonMapper(FACTORY);
    private static final Set<String> LENGTHS = Set.of("truncation", "padding");
    private static final Set<String> STEPS = Set.of("normalizer", "pre_tokenizer", "post_processor", "decoder");
    private static final String KNOWN_DECODERS = "ByteLevel, Metaspace, ByteFallback, WordPiece";

    private final Path path;
    private final int characters;
    private final List<AddedToken> added = new ArrayList<>();
    private final Map<String, JsonNode> steps = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();
    private JsonModel model;

    private JsonTokenizerFile(Path path, int characters) {
        this.path = path;
        this.characters = characters;
    }

    static JsonTokenizerFile parse(Path path, String text) {
        JsonTokenizerFile file = new JsonTokenizerFile(path, text.length());
        try (JsonParser parser = FACTORY.createParser(text)) {
            file.read(parser);
        } catch (JsonProcessingException broken) {
            long offset =
                    broken.getLocation() == null ? 0 : broken.getLocation().getCharOffset();
            throw file.bad("character " + offset, broken.getOriginalMessage(), "JSON");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (file.model == null) {
            throw file.unknown("a file without a model that has a vocabulary");
        }
        file.placeAdded();
        JsonSteps.check(path, file.steps, file.pieces().size());
        return file;
    }

    /** Numbers the added tokens as the library will, which ignores the ids in the file. */
    private void placeAdded() {
        Map<String, Integer> ids = new HashMap<>();
        List<String> pieces = pieces();
        for (int id = 0; id < pieces.size(); id++) {
            ids.putIfAbsent(pieces.get(id), id);
        }
        int next = model.entries();
        for (AddedToken token : added) {
            Integer own = ids.get(token.content());
            int id = own == null ? next : own;
            if (id != token.id()) {
                throw bad("added_tokens '" + token.content() + "'", "id " + token.id(), "id " + id);
            }
            next = Math.max(next, id + 1);
            ids.put(token.content(), id);
            model.put(id, token.content());
        }
    }

    static JsonNode tree(JsonParser parser) throws IOException {
        return MAPPER.readTree(parser);
    }

    /** The kind of the model. */
    String model() {
        return model.kind();
    }

    /** Settings of the file that would change the length of every text, which are not applied. */
    List<String> ignored() {
        return ignored;
    }

    List<AddedToken> added() {
        return added;
    }

    /** Normalizer, pre-tokenizer, post-processor and decoder, as they are in the file. */
    Map<String, JsonNode> steps() {
        return steps;
    }

    /** Spelling by id; ids that nothing has are empty. */
    List<String> pieces() {
        return model.pieces();
    }

    /** How entries stand for bytes, which only the decoder tells. */
    Pieces kind() {
        JsonNode decoder = steps.get("decoder");
        List<String> types = decoder == null ? List.of() : decoder.findValuesAsText("type");
        if (types.contains("ByteLevel")) {
            return Pieces.BYTE_LEVEL;
        }
        if (types.contains("Metaspace") || types.contains("ByteFallback")) {
            return Pieces.SENTENCE_PIECE;
        }
        if (types.contains("WordPiece") || types.isEmpty() && model.kind().equals("WordPiece")) {
            return Pieces.WORD_PIECE;
        }
        throw new BadWeightFile(
                path,
                "decoder",
                "a decoder of the unknown kind " + (types.isEmpty() ? "null" : types),
                KNOWN_DECODERS,
                "give a model with one of these");
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw unknown("JSON that is not an object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("added_tokens")) {
                readAdded(tree(parser));
            } else if (STEPS.contains(name)) {
                steps.put(name, tree(parser));
            } else if (name.equals("model") && parser.currentToken() == JsonToken.START_OBJECT) {
                model = JsonModel.read(path, parser, characters);
            } else if (LENGTHS.contains(name) && parser.currentToken() != JsonToken.VALUE_NULL) {
                ignored.add(name);
                parser.skipChildren();
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw bad("end", "more text after the JSON object", "blanks only");
        }
    }

    private void readAdded(JsonNode tokens) {
        for (JsonNode token : tokens) {
            if (!token.path("id").isInt() || !token.path("content").isTextual()) {
                throw bad("added_tokens", token.toString(), "objects with id and content");
            }
            JsonModel.requireId(path, token.path("id").asLong(), "added_tokens");
            String content = token.path("content").asText();
            added.add(new AddedToken(
                    token.path("id").asInt(), content, token.path("special").asBoolean()));
        }
    }

    private BadWeightFile unknown(String found) {
        return JsonModel.unknown(path, found);
    }

    private BadWeightFile bad(String where, String found, String allowed) {
        return JsonModel.bad(path, where, found, allowed);
    }
}
