package microtome.model.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A JSON text read as a stream, so that a hostile one cannot build a large tree, and strictly: a name that occurs twice
 * is an error, and so is anything behind the end. Every error says where in which file.
 */
final class StrictJson {
    /** Names are not kept from one text to the next, so hostile ones can neither fill nor slow a common table. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads one text, from its first token on. */
    @FunctionalInterface
    interface Reading {
        void read(StrictJson json) throws IOException;
    }

    private final Path path;
    private final String what;
    private final JsonParser parser;

    private StrictJson(Path path, String what, JsonParser parser) {
        this.path = path;
        this.what = what;
        this.parser = parser;
    }

    /** Reads a text to its end; {@code what} names it in errors. */
    static void read(Path path, String what, String text, Reading reading) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            StrictJson json = new StrictJson(path, what, parser);
            reading.read(json);
            json.requireEnd();
        } catch (JsonProcessingException broken) {
            long offset =
                    broken.getLocation() == null ? 0 : broken.getLocation().getCharOffset();
            throw bad(
                            path,
                            "%s, character %d".formatted(what, offset),
                            broken.getOriginalMessage(),
                            "JSON in which every name occurs once")
                    .because(broken);
        } catch (IOException impossible) {
            throw bad(path, what, impossible.getMessage(), "JSON").because(impossible);
        }
    }

    private void requireEnd() throws IOException {
        if (parser.nextToken() != null) {
            throw bad(what, "more text after the JSON object", "blanks only");
        }
    }

    /** Steps into an object. */
    void begin(String where) throws IOException {
        expect(JsonToken.START_OBJECT, where);
    }

    /** Steps to the next name of an object, or out of it. */
    boolean nextField() throws IOException {
        return parser.nextToken() == JsonToken.FIELD_NAME;
    }

    /** The name that was stepped to. */
    String field() throws IOException {
        return parser.currentName();
    }

    /** Steps over the value of a name, whatever it is. */
    void skipValue() throws IOException {
        parser.nextToken();
        parser.skipChildren();
    }

    /** The string that comes next. */
    String string(String where) throws IOException {
        expect(JsonToken.VALUE_STRING, where);
        return parser.getText();
    }

    /** The array of numbers from 0 that comes next. */
    long[] numbers(String where, int most) throws IOException {
        expect(JsonToken.START_ARRAY, where);
        long[] values = new long[most];
        int count = 0;
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            if (count < most) {
                values[count] = number(where);
            }
            count++;
        }
        require(JsonToken.END_ARRAY, where);
        if (count > most) {
            throw bad(where, count + " numbers", "at most " + most);
        }
        return Arrays.copyOf(values, count);
    }

    private long number(String where) throws IOException {
        boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || parser.getLongValue() < 0) {
            throw bad(where, clip(parser.getText()), "0.." + Long.MAX_VALUE);
        }
        return parser.getLongValue();
    }

    private void expect(JsonToken wanted, String where) throws IOException {
        parser.nextToken();
        require(wanted, where);
    }

    private void require(JsonToken wanted, String where) throws IOException {
        JsonToken found = parser.currentToken();
        if (found != wanted) {
            throw bad(
                    where,
                    found == null ? "the end of the text" : "%s '%s'".formatted(found, clip(parser.getText())),
                    wanted.toString());
        }
    }

    private static String clip(String text) {
        return text == null || text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    BadWeightFile bad(String where, String found, String allowed) {
        return bad(path, where, found, allowed);
    }

    private static BadWeightFile bad(Path path, String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }
}
