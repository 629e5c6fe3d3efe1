package microtome.display;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Trees of maps and lists to compact JSON text and back. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /**
     * Writes a tree of {@code Map}, {@code Iterable}, {@code double[]}, {@code Number}, {@code Boolean},
     * {@code CharSequence} and null. NaN and infinities become null, since JSON has no name for them.
     *
     * @throws IllegalArgumentException if the tree holds anything else
     */
    public static String write(Object tree) {
        var text = new StringWriter();
        try (var generator = FACTORY.createGenerator(text)) {
            write(generator, tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return text.toString();
    }

    /**
     * JSON text that is safe inside an HTML {@code <script>} element: every {@code <} is written as an escape, so
     * neither {@code </script>} nor {@code <!--} can occur.
     */
    public static String writeForScript(Object tree) {
        return write(tree).replace("<", "\\u003c");
    }

    /**
     * Reads JSON text into a tree of {@code LinkedHashMap}, {@code ArrayList}, {@code Number}, {@code Boolean},
     * {@code String} and null.
     *
     * @throws IllegalArgumentException if the text is not JSON; the message names line and column
     */
    public static Object read(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JacksonException wrong) {
            var place = wrong.getLocation();
            var where = place == null ? "" : " (line %d, column %d)".formatted(place.getLineNr(), place.getColumnNr());
            throw new IllegalArgumentException("not JSON: " + wrong.getOriginalMessage() + where, wrong);
        }
    }

    private static void write(JsonGenerator generator, Object node) throws IOException {
        switch (node) {
            case null -> generator.writeNull();
            case CharSequence text -> generator.writeString(text.toString());
            case Boolean flag -> generator.writeBoolean(flag);
            case Number number -> writeNumber(generator, number);
            case Map<?, ?> map -> writeMap(generator, map);
            case double[] values ->
                writeAll(generator, Arrays.stream(values).boxed().toList());
            case Object[] values -> writeAll(generator, Arrays.asList(values));
            case Iterable<?> values -> writeAll(generator, values);
            default ->
                throw new IllegalArgumentException(
                        "a JSON tree holds maps, lists, numbers, booleans and strings, not %s; convert it first"
                                .formatted(node.getClass().getName()));
        }
    }

    private static void writeNumber(JsonGenerator generator, Number number) throws IOException {
        if (Double.isFinite(number.doubleValue()) || !(number instanceof Double || number instanceof Float)) {
            generator.writeNumber(number.toString());
        } else {
            generator.writeNull();
        }
    }

    private static void writeMap(JsonGenerator generator, Map<?, ?> map) throws IOException {
        generator.writeStartObject();
        for (var entry : map.entrySet()) {
            generator.writeFieldName(Objects.toString(entry.getKey()));
            write(generator, entry.getValue());
        }
        generator.writeEndObject();
    }

    private static void writeAll(JsonGenerator generator, Iterable<?> values) throws IOException {
        generator.writeStartArray();
        for (var value : values) {
            write(generator, value);
        }
        generator.writeEndArray();
    }
}
