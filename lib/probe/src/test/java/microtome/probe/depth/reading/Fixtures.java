package microtome.probe.depth.reading;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.probe.Goldens;

/** The tiny models of the model module, and what {@code environment/peers/depth_references.py} computed of them. */
final class Fixtures {
    /** The bound on every tensor of a tiny model in float32. */
    static final double NEAR = 2e-5;

    private static final JsonNode EXPECTED = read();

    private Fixtures() {}

    static LanguageModel model(String name, String backend) {
        Path folder = Path.of("../model/src/test/resources/microtome/model/architectures", name);
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()),
                LoadOptions.DEFAULT.backend(backend));
    }

    static JsonNode expected(String model) {
        return EXPECTED.path("models").path(model);
    }

    static TokenSequence prompt() {
        return TokenSequence.ofIds(Goldens.integers(EXPECTED.path("prompt")));
    }

    static TokenSequence answer() {
        return TokenSequence.ofIds(Goldens.integers(EXPECTED.path("answer")));
    }

    static List<TokenSequence> texts() {
        return StreamSupport.stream(EXPECTED.path("texts").spliterator(), false)
                .map(Goldens::integers)
                .map(TokenSequence::ofIds)
                .toList();
    }

    static int steps() {
        return EXPECTED.path("steps").intValue();
    }

    private static JsonNode read() {
        try (var stream = Fixtures.class.getResourceAsStream("/goldens/depth.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
