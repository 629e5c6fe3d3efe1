package microtome.model.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.tensor.Shape;

/**
 * The JSON table of contents of a safetensors file: name → dtype, shape, data_offsets. Read as a stream, so that a
 * hostile one cannot build a large tree, and strictly: a name or field that occurs twice is an error.
 */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** One line of the table; offsets count from the end of the header. */
    record Slot(String name, StoredType type, Shape shape, long start, long end) {}

    private final Path path;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(Path path) {
        this.path = path;
    }

    static SafetensorsHeader parse(Path path, String json) {
        SafetensorsHeader header = new SafetensorsHeader(path);
        try (JsonParser parser = JSON.createParser(json)) {
            header.read(parser);
        } catch (JsonParseException broken) {
            throw header.bad(
                            "header, character " + broken.getLocation().getCharOffset(),
                            broken.getOriginalMessage(),
                            "JSON in which every name occurs once")
                    .because(broken);
        } catch (IOException impossible) {
            throw header.bad("header", impossible.getMessage(), "JSON within usual limits")
                    .because(impossible);
        }
        return header;
    }

    Map<String, Slot> slots() {
        return slots;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void read(JsonParser parser) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "header");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (name.equals(METADATA)) {
                readMetadata(parser);
            } else {
                slots.put(name, readSlot(parser, name));
            }
        }
        if (parser.nextToken() != null) {
            throw bad("header", "more text after the JSON object", "blanks only");
        }
    }

    private void readMetadata(JsonParser parser) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, METADATA + " '" + key + "'");
            metadata.put(key, parser.getText());
        }
    }

    private Slot readSlot(JsonParser parser, String name) throws IOException {
        String where = "tensor '" + name + "'";
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, where);
        StoredType type = null;
        Shape shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            switch (parser.currentName()) {
                case "dtype" -> type = readType(parser, where);
                case "shape" -> shape = shape(numbers(parser, where + " shape"), where);
                case "data_offsets" -> offsets = numbers(parser, where + " data_offsets");
                default -> throw bad(where, "field '" + parser.currentName() + "'", "dtype, shape, data_offsets");
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw bad(where, "a field is missing", "all of dtype, shape, data_offsets");
        }
        return slot(name, type, shape, offsets);
    }

    private Slot slot(String name, StoredType type, Shape shape, List<Long> offsets) {
        String where = "tensor '" + name + "'";
        if (offsets.size() != 2 || offsets.getFirst() > offsets.getLast()) {
            throw bad(where + " data_offsets", offsets.toString(), "[begin, end] with begin <= end");
        }
        long length = offsets.getLast() - offsets.getFirst();
        long needed;
        try {
            needed = Math.multiplyExact(shape.elements(), (long) type.blockBytes());
        } catch (ArithmeticException overflow) {
            throw bad(where + " shape", shape.toString(), "fewer than 2^63 bytes")
                    .because(overflow);
        }
        if (length != needed) {
            throw bad(
                    where,
                    "data_offsets %s span %d bytes".formatted(offsets, length),
                    "%d bytes, which %s %s takes".formatted(needed, type, shape));
        }
        return new Slot(name, type, shape, offsets.getFirst(), offsets.getLast());
    }

    private StoredType readType(JsonParser parser, String where) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, where + " dtype");
        String name = parser.getText();
        return StoredType.ofSafetensorsName(name)
                .orElseThrow(() -> bad(where + " dtype", "'" + name + "'", StoredType.safetensorsNames()));
    }

    private Shape shape(List<Long> extents, String where) {
        if (extents.size() > Shape.MAX_RANK) {
            throw bad(where + " shape", extents.size() + " axes", "at most " + Shape.MAX_RANK);
        }
        return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
    }

    private List<Long> numbers(JsonParser parser, String where) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_ARRAY, where);
        List<Long> values = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!fits || parser.getLongValue() < 0) {
                throw bad(where, parser.getText(), "0.." + Long.MAX_VALUE);
            }
            values.add(parser.getLongValue());
        }
        expect(parser, parser.currentToken(), JsonToken.END_ARRAY, where);
        return values;
    }

    private void expect(JsonParser parser, JsonToken found, JsonToken wanted, String where) throws IOException {
        if (found != wanted) {
            throw bad(
                    where,
                    found == null ? "the end of the header" : "%s '%s'".formatted(found, clip(parser.getText())),
                    wanted.toString());
        }
    }

    private static String clip(String text) {
        return text == null || text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    BadWeightFile bad(String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }
}
