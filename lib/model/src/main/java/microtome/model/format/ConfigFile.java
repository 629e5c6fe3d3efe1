package microtome.model.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON file beside the weights, such as {@code config.json}, as it is: absent keys stay absent. */
public record ConfigFile(Path path, JsonNode root) {
    private static final long LARGEST = 64L << 20;

    /** Checks that the root is an object. */
    public ConfigFile {
        if (!root.isObject()) {
            throw bad(path, "root", "a JSON " + root.getNodeType(), "a JSON object");
        }
    }

    /**
     * Reads a file.
     *
     * @throws BadWeightFile when it is not one JSON object in which every key occurs once
     */
    public static ConfigFile read(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw bad(path, "size", Files.size(path) + " bytes", "at most " + LARGEST + " bytes");
            }
            return new ConfigFile(path, Mapper.STRICT.readTree(Files.readAllBytes(path)));
        } catch (JsonProcessingException broken) {
            long offset =
                    broken.getLocation() == null ? 0 : broken.getLocation().getByteOffset();
            throw bad(path, "byte " + offset, broken.getOriginalMessage(), "JSON in which every key occurs once")
                    .because(broken);
        } catch (IOException failure) {
            throw new UncheckedIOException(path + ": cannot be read", failure);
        }
    }

    private static BadWeightFile bad(Path path, String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    /** Apart, because a model from a GGUF file never needs it and its classes take a tenth of a second to load. */
    private static final class Mapper {
        static final JsonMapper STRICT = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
