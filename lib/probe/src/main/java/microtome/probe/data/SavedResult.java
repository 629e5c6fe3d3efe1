package microtome.probe.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import microtome.model.LanguageModel;

/** Results as JSON files: {@code {"microtome": version, "result": class, "fields": …}}. */
final class SavedResult {
    private static final String VERSION = "microtome";
    private static final String CLASS = "result";
    private static final String FIELDS = "fields";
    private static final String ROOM = "microtome.";

    private SavedResult() {}

    static String json(ProbeResult<?> result) {
        ObjectNode tree = ResultJson.MAPPER.createObjectNode();
        tree.put(VERSION, LanguageModel.libraryVersion());
        tree.put(CLASS, result.getClass().getName());
        tree.set(FIELDS, ResultJson.MAPPER.valueToTree(result));
        return tree.toString();
    }

    /** Writes beside the file first, so that an interrupted call leaves what was there. */
    static void write(ProbeResult<?> result, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(beside, json(result));
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    static ProbeResult<?> read(Path file) throws IOException {
        return read(Files.readString(file), file.toString());
    }

    static ProbeResult<?> read(String json, String from) {
        JsonNode tree = tree(json, from);
        String name = tree.path(CLASS).asText();
        if (!tree.has(VERSION) || !tree.has(FIELDS) || !name.startsWith(ROOM)) {
            throw new IllegalArgumentException(
                    "%s is not a saved result: need \"%s\", \"%s\" and \"%s\", as result.save(file) writes them"
                            .formatted(from, VERSION, CLASS, FIELDS));
        }
        Class<?> type = classOf(name, tree.path(VERSION).asText(), from);
        try {
            return (ProbeResult<?>) ResultJson.MAPPER.treeToValue(tree.get(FIELDS), ResultJson.type(type));
        } catch (JsonProcessingException damaged) {
            throw new IllegalArgumentException(
                    "%s: the %s in it cannot be read: %s"
                            .formatted(from, type.getSimpleName(), damaged.getOriginalMessage()),
                    damaged);
        }
    }

    private static JsonNode tree(String json, String from) {
        try {
            return ResultJson.MAPPER.readTree(json);
        } catch (JsonProcessingException damaged) {
            throw new IllegalArgumentException(
                    "%s is not JSON: %s".formatted(from, damaged.getOriginalMessage()), damaged);
        }
    }

    private static Class<?> classOf(String name, String version, String from) {
        try {
            Class<?> type = Class.forName(name, false, SavedResult.class.getClassLoader());
            if (ProbeResult.class.isAssignableFrom(type)) {
                return type;
            }
        } catch (ClassNotFoundException _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "%s holds a result of type %s, which this version (%s) does not know; it was written by version %s"
                        .formatted(from, name, LanguageModel.libraryVersion(), version));
    }
}
