package microtome.model.token.definition;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import microtome.model.format.BadWeightFile;

/**
 * The model of a {@code tokenizer.json}: its kind and its entries. Read as a stream, and checked as far as the native
 * library does not do it itself, or does it by ending the process.
 */
final class JsonModel {
    static final String KNOWN = "BPE, Unigram, WordPiece";
    private static final Set<String> KINDS = Set.of("BPE", "Unigram", "WordPiece");
    private static final Set<String> AFFIXES = Set.of("continuing_subword_prefix", "end_of_word_suffix");
    private static final int LARGEST_ID = 1 << 24;

    private final Path path;
    private final int characters;
    private final List<String> pieces = new ArrayList<>();
    private int entries;
    private boolean scored;
    private boolean merges;
    private Integer unknownId;
    private String unknown;
    private String affix = "";
    private String kind;

    private JsonModel(Path path, int characters) {
        this.path = path;
        this.characters = characters;
    }

    /** Reads from the beginning of the object to its end; the whole file has so many characters. */
    static JsonModel read(Path path, JsonParser parser, int characters) throws IOException {
        JsonModel model = new JsonModel(path, characters);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            model.readField(parser, parser.currentName(), parser.nextToken());
        }
        model.check();
        return model;
    }

    /** BPE, Unigram or WordPiece. */
    String kind() {
        return kind;
    }

    /** Spelling by id; ids that nothing has are empty. */
    List<String> pieces() {
        return pieces;
    }

    /** Number of entries, which is where the numbers of added tokens begin. */
    int entries() {
        return entries;
    }

    private void readField(JsonParser parser, String name, JsonToken value) throws IOException {
        if (name.equals("type")) {
            kind = parser.getText();
        } else if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
            readVocabulary(parser);
        } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
            readScoredVocabulary(parser);
        } else if (name.equals("dropout") && value != JsonToken.VALUE_NULL) {
            throw bad("model dropout", parser.getText(), "null, so that a text always gives the same tokens");
        } else if (AFFIXES.contains(name) && value == JsonToken.VALUE_STRING) {
            affix += parser.getText();
        } else if (name.equals("unk_id") && value != JsonToken.VALUE_NULL) {
            unknownId = parser.getValueAsInt(-1);
        } else if (name.equals("unk_token") && value == JsonToken.VALUE_STRING) {
            unknown = parser.getText();
        } else {
            merges |= name.equals("merges");
            parser.skipChildren();
        }
    }

    private void check() {
        kind = kind == null && merges ? "BPE" : kind;
        if (kind == null || !KINDS.contains(kind)) {
            throw unknown("a tokenizer of the unknown kind '" + kind + "'");
        }
        if (pieces.isEmpty()) {
            throw unknown("a file without a model that has a vocabulary");
        }
        boolean unigram = kind.equals("Unigram");
        if (scored != unigram) {
            throw bad("model vocab", scored ? "a list" : "an object", unigram ? "a list" : "an object");
        }
        if (unknownId != null && (unknownId < 0 || unknownId >= entries)) {
            throw bad("model unk_id", unknownId.toString(), "0..%d".formatted(entries - 1));
        }
        if (!unigram && unknown != null && !pieces.contains(unknown)) {
            throw bad("model unk_token", "'" + unknown + "'", "a piece of the vocabulary");
        }
        boolean wordPiece = kind.equals("WordPiece");
        if (wordPiece && unknown == null) {
            throw bad("model unk_token", "none", "a piece of the vocabulary");
        }
        if (!affix.equals(wordPiece ? "##" : "")) {
            throw bad("model", "the prefix or suffix '%s' of pieces".formatted(affix), wordPiece ? "##" : "none");
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
        scored = true;
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw bad("vocab " + pieces.size(), parser.getText(), "[spelling, score]");
            }
            String piece = parser.getText();
            boolean sound = parser.nextToken().isNumeric() && Double.isFinite(parser.getDoubleValue());
            if (!sound || parser.nextToken() != JsonToken.END_ARRAY) {
                throw bad("vocab " + pieces.size(), parser.getText(), "[spelling, score]");
            }
            put(pieces.size(), piece);
            entries++;
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw bad("vocab " + pieces.size(), parser.getText(), "[spelling, score]");
        }
    }

    /** Notes the spelling of an id. */
    void put(int id, String piece) {
        while (pieces.size() <= id) {
            pieces.add("");
        }
        if (!pieces.get(id).isEmpty() && !pieces.get(id).equals(piece)) {
            throw bad("id " + id, "both '%s' and '%s'".formatted(pieces.get(id), piece), "one spelling for an id");
        }
        pieces.set(id, piece);
    }

    /** Entries are kept by id, so that one with a large id would take the memory of all below it, which nobody has. */
    private void requireId(long id, String where) {
        requireId(path, id, Math.min(LARGEST_ID, characters), where);
    }

    static void requireId(Path path, long id, String where) {
        requireId(path, id, LARGEST_ID, where);
    }

    private static void requireId(Path path, long id, int largest, String where) {
        if (id < 0 || id > largest) {
            throw bad(path, where, "the id " + id, "0..%d in a file of this size".formatted(largest));
        }
    }

    private BadWeightFile unknown(String found) {
        return unknown(path, found);
    }

    private BadWeightFile bad(String where, String found, String allowed) {
        return bad(path, where, found, allowed);
    }

    static BadWeightFile unknown(Path path, String found) {
        return new BadWeightFile(
                path, "kind", found, "a tokenizer.json of kind " + KNOWN, "give the tokenizer.json of the model");
    }

    static BadWeightFile bad(Path path, String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, "the file is damaged; download it again");
    }
}
