package microtome.probe.depth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** The tiny random models of the model module, 3 blocks each, and what transformers computed of them. */
final class Fixtures {
    private static final Path FOLDER = Path.of("../model/src/test/resources/microtome/model/architectures");
    private static final JsonNode REFERENCES = read();

    private Fixtures() {}

    static LanguageModel model(String family) {
        return open(FOLDER.resolve(family));
    }

    static Path folder(String family) {
        return FOLDER.resolve(family);
    }

    static LanguageModel open(Path folder) {
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()), LoadOptions.DEFAULT);
    }

    /** {@code goldens/skip.json}, which {@code environment/peers/skip_references.py} wrote. */
    static JsonNode reference(String family) {
        return REFERENCES.path("families").path(family);
    }

    static List<TokenSequence> prompts(JsonNode ids) {
        return IntStream.range(0, ids.size())
                .mapToObj(prompt ->
                        TokenSequence.ofIds(IntStream.range(0, ids.get(prompt).size())
                                .map(position -> ids.get(prompt).get(position).intValue())
                                .toArray()))
                .toList();
    }

    /** Prompts of made-up tokens with these lengths. */
    static List<TokenSequence> prompts(int... lengths) {
        var random = new SplittableRandom(5);
        return IntStream.of(lengths)
                .mapToObj(length -> TokenSequence.ofIds(IntStream.generate(() -> random.nextInt(3, 97))
                        .limit(length)
                        .toArray()))
                .toList();
    }

    private static JsonNode read() {
        try (var stream = Fixtures.class.getResourceAsStream("/goldens/skip.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
