package microtome.model.corpus;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import microtome.display.Json;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** A model of 3 blocks, width 32, 97 tokens and context 64, and texts for it. */
public final class TinyModel {
    public static final int VOCABULARY = 97;

    private TinyModel() {}

    public static LanguageModel load() {
        return load(fixture("llama-tied").toString());
    }

    /** An encoder of the same size, whose positions see later ones. */
    public static LanguageModel encoder() {
        return load(fixture("bert").toString());
    }

    public static LanguageModel load(String folder) {
        return LanguageModel.load(ModelStore.standard().resolve(folder), LoadOptions.DEFAULT);
    }

    private static Path fixture(String name) {
        try {
            return Path.of(TinyModel.class
                    .getResource("/microtome/model/architectures/" + name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Sequences of 1 to {@code longest} tokens, most of them short. */
    public static List<TokenSequence> sequences(int count, int longest, long seed) {
        var random = new Random(seed);
        var sequences = new ArrayList<TokenSequence>();
        for (int i = 0; i < count; i++) {
            int length = 1 + (int) (longest * Math.pow(random.nextDouble(), 2));
            sequences.add(TokenSequence.ofIds(random.ints(length, 0, VOCABULARY).toArray()));
        }
        return sequences;
    }

    /** A copy whose tokens are the printable ASCII characters. */
    public static Path withTokenizer(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(fixture("llama-tied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
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
