package microtome.probe.depth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** The tiny random models of the model module, 3 blocks each, and what transformers computed of them. */
final class Fixtures {
    private static final ValueLayout.OfFloat FLOATS =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final Path FOLDER = Path.of("../model/src/test/resources/microtome/model/architectures");
    private static final JsonNode REFERENCES = read();

    private Fixtures() {}

    static LanguageModel model(String family) {
        return open(FOLDER.resolve(family));
    }

    /** The Llama with changed weights, written into a folder. */
    static LanguageModel changed(Path folder, BiConsumer<String, float[]> change) {
        Path source = FOLDER.resolve("llama-tied");
        try (var weights = WeightFormats.open(source.resolve("model.safetensors"));
                var writer = SafetensorsWriter.to(folder.resolve("model.safetensors"))) {
            for (String name : weights.names()) {
                writer.declare(name, StoredType.F32, weights.tensor(name).shape());
            }
            for (String name : weights.names()) {
                float[] values = weights.tensor(name).bytes().toArray(FLOATS);
                change.accept(name, values);
                writer.write(name, values);
            }
            writer.finish();
            Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return open(folder);
    }

    /** The first block of the Llama alone. */
    static LanguageModel oneBlock(Path folder) {
        Path source = FOLDER.resolve("llama-tied");
        try {
            Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
            String config = Files.readString(source.resolve("config.json"));
            Files.writeString(
                    folder.resolve("config.json"),
                    config.replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 1"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return open(folder);
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
