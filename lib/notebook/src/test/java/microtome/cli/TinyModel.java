package microtome.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import microtome.display.Json;

/** A random Llama of 3 blocks, width 32 and 97 tokens, with the values that another implementation computed from it. */
public final class TinyModel {
    static final int BLOCKS = 3;
    static final int CONTEXT = 64;

    private TinyModel() {}

    /** One of the model module's folders of expected values. */
    static Path fixture(String name) {
        return Path.of("../model/src/test/resources/microtome/model/architectures")
                .resolve(name);
    }

    /** A copy in a folder of a test. */
    static Path copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(fixture(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    /** A copy with a tokenizer whose 97 tokens are the printable ASCII characters and two to spare. */
    public static Path withTokenizer(Path target) throws IOException {
        copy("llama-tied", target);
        var vocabulary = new LinkedHashMap<String, Object>();
        vocabulary.put("\u0120", 0);
        for (char character = '!'; character <= '~'; character++) {
            vocabulary.put(String.valueOf(character), vocabulary.size());
        }
        vocabulary.put("\u010A", vocabulary.size());
        vocabulary.put("\u0109", vocabulary.size());
        var byteLevel = Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
        var tokenizer = new LinkedHashMap<String, Object>();
        tokenizer.put("version", "1.0");
        tokenizer.put("truncation", null);
        tokenizer.put("padding", null);
        tokenizer.put("added_tokens", new Object[0]);
        tokenizer.put("normalizer", null);
        tokenizer.put("pre_tokenizer", byteLevel);
        tokenizer.put("post_processor", null);
        tokenizer.put("decoder", byteLevel);
        tokenizer.put("model", Map.of("type", "BPE", "vocab", vocabulary, "merges", new Object[0]));
        Files.writeString(target.resolve("tokenizer.json"), Json.write(tokenizer));
        return target;
    }
}
