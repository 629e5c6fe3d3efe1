package microtome.model.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON file beside the weights, such as {@code config.json}, as it is: absent keys stay absent. */
public record ConfigFile(Path path, JsonNode root) {
    /** Read as a tree, which takes many times the memory of its text. */
    private static final long LARGEST = 16L << 20;

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
        return parse(path, text(path, LARGEST));
    }

    /** The configuration in this text, which is that of a file. */
    static ConfigFile parse(Path path, String text) {
        try {
            return new ConfigFile(path, Mapper.STRICT.readTree(text));
        } catch (JsonProcessingException broken) {
            long offset =
                    broken.getLocation() == null ? 0 : broken.getLocation().getCharOffset();
            throw bad(path, "character " + offset, broken.getOriginalMessage(), "JSON in which every key occurs once")
                    .because(broken);
        }
    }

    /** The text of a file of at most so many bytes, without the mark that some editors put in front of UTF-8. */
    static String text(Path path, long largest) {
        try {
            if (Files.size(path) > largest) {
                throw bad(path, "size", Files.size(path) + " bytes", "at most " + largest + " bytes");
            }
            return text(path, Files.readAllBytes(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(path + ": cannot be read", failure);
        }
    }

    static String text(Path path, byte[] content) {
        try {
            String text = Utf8.text(content);
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            throw bad(path, "text", "bytes that are not UTF-8", "UTF-8").because(notUtf8);
        }
    }

    private static BadWeightFile bad(Path path, String where, String found, String allowed) {
        return new BadWeightFile(path, where, "found " + found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    /** Apart, because a model from a GGUF file never needs it and its classes take a tenth of a second to load. */
    private static final class Mapper {
        static final JsonMapper STRICT = JsonMapper.builder(StrictJson.FACTORY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
