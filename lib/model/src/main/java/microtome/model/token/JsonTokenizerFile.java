package microtome.model.token;

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
    static final String KNOWN_MODELS = "BPE, Unigram, WordPiece";
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final JsonMapper MAPPER = new JsonMapper(FACTORY);
    private static final Set<String> MODELS = Set.of("BPE", "Unigram", "WordPiece");
    private static final Set<String> AFFIXES = Set.of("continuing_subword_prefix", "end_of_word_suffix");
    private static final Set<String> STEPS = Set.of("normalizer", "pre_tokenizer", "post_processor", "decoder");
    private static final String KNOWN_DECODERS = "ByteLevel, Metaspace, ByteFallback, WordPiece";
    private static final int LARGEST_ID = 1 << 24;

    private final Path path;
    private final List<AddedToken> added = new ArrayList<>();
    private final Map<String, JsonNode> steps = new LinkedHashMap<>();
    private final List<String> pieces = new ArrayList<>();
    private int entries;
    private int unknown;
    private String model;

    private JsonTokenizerFile(Path path) {
        this.path = path;
    }

    static JsonTokenizerFile parse(Path path, String text) {
        JsonTokenizerFile file = new JsonTokenizerFile(path);
        try (JsonParser parser = FACTORY.createParser(text)) {
            file.read(parser);
        } catch (JsonProcessingException broken) {
            long offset =
                    broken.getLocation() == null ? 0 : broken.getLocation().getCharOffset();
            throw file.bad("character " + offset, broken.getOriginalMessage(), "JSON");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (file.model == null || file.pieces.isEmpty()) {
            throw file.unknown("a file without a model that has a vocabulary");
        }
        file.placeAdded();
        JsonSteps.check(path, file.steps, file.pieces.size());
        return file;
    }

    /** Numbers the added tokens as the library will, which ignores the ids in the file. */
    private void placeAdded() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            ids.putIfAbsent(pieces.get(id), id);
        }
        int next = entries;
        for (AddedToken token : added) {
            Integer own = ids.get(token.content());
            int id = own == null ? next : own;
            if (id != token.id()) {
                throw bad("added_tokens '" + token.content() + "'", "id " + token.id(), "id " + id);
            }
            next = Math.max(next, id + 1);
            ids.put(token.content(), id);
            put(id, token.content());
        }
    }

    static JsonNode tree(JsonParser parser) throws IOException {
        return MAPPER.readTree(parser);
    }

    /** The kind of the model. */
    String model() {
        return model;
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
        return pieces;
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
        if (types.contains("WordPiece")) {
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
                readModel(parser);
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
            requireId(token.path("id").asLong(), "added_tokens");
            String content = token.path("content").asText();
            added.add(new AddedToken(
                    token.path("id").asInt(), content, token.path("special").asBoolean()));
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        boolean merges = false;
        boolean affixes = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("type")) {
                model = parser.getText();
            } else if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
                readVocabulary(parser);
            } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
                readScoredVocabulary(parser);
            } else if (name.equals("dropout") && value != JsonToken.VALUE_NULL) {
                throw bad("model dropout", parser.getText(), "null, so that a text always gives the same tokens");
            } else if (AFFIXES.contains(name) && value == JsonToken.VALUE_STRING) {
                affixes |= !parser.getText().isEmpty();
            } else if (name.equals("unk_id") && value != JsonToken.VALUE_NULL) {
                unknown = parser.getValueAsInt(-1);
            } else {
                merges |= name.equals("merges");
                parser.skipChildren();
            }
        }
        if (affixes && !"WordPiece".equals(model)) {
            throw bad("model", "a prefix or suffix of pieces", "null, unless it is WordPiece");
        }
        if (unknown < 0 || unknown > 0 && unknown >= entries) {
            throw bad("model unk_id", Integer.toString(unknown), "0..%d".formatted(entries - 1));
        }
        model = model == null && merges ? "BPE" : model;
        if (model == null || !MODELS.contains(model)) {
            throw unknown("a tokenizer of the unknown kind '" + model + "'");
        }
    }

    /** Spelling → id. */
    private void readVocabulary(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String piece = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw bad("vocab '" + piece + "'", parser.getText(), "an id");
            }
            requireId(parser.getValueAsLong(-1), "vocab '" + piece + "'");
            put(parser.getIntValue(), piece);
            entries++;
        }
    }

    /** A list of [spelling, score]. */
    private void readScoredVocabulary(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw bad("vocab " + pieces.size(), parser.getText(), "[spelling, score]");
            }
            String piece = parser.getText();
            if (!parser.nextToken().isNumeric() || parser.nextToken() != JsonToken.END_ARRAY) {
                throw bad("vocab " + pieces.size(), parser.getText(), "[spelling, score]");
            }
            put(pieces.size(), piece);
            entries++;
        }
    }

    private void put(int id, String piece) {
        while (pieces.size() <= id) {
            pieces.add("");
        }
        if (!pieces.get(id).isEmpty() && !pieces.get(id).equals(piece)) {
            throw bad("id " + id, "both '%s' and '%s'".formatted(pieces.get(id), piece), "one spelling for an id");
        }
        pieces.set(id, piece);
    }

    private void requireId(long id, String where) {
        if (id < 0 || id > LARGEST_ID) {
            throw bad(where, "the id " + id, "0.." + LARGEST_ID);
        }
    }

    private BadWeightFile unknown(String found) {
        return new BadWeightFile(
                path,
                "kind",
                found,
                "a tokenizer.json of kind " + KNOWN_MODELS,
                "give the tokenizer.json of the model");
    }

    private BadWeightFile bad(String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, "the file is damaged; download it again");
    }
}
