package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with a number that is none: it loads, so that one can look at it, and its card says where. */
class BrokenNumbersTest {
    private static final String BROKEN = "model.layers.1.input_layernorm.weight";

    @TempDir
    private Path folder;

    @Test
    void theCardNamesTheTensorWithANaN() throws IOException {
        Path source = ReferenceData.path("architectures/llama-tied");
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        byte[] weights = Files.readAllBytes(source.resolve("model.safetensors"));
        byte[] good = bytesOf(source.resolve("model.safetensors"));
        ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putFloat(placeOf(good, weights) + 8, Float.NaN);
        Files.write(folder.resolve("model.safetensors"), weights);
        for (Weights form : new Weights[] {Weights.F32, Weights.AS_STORED}) {
            var options = LoadOptions.DEFAULT.backend("reference").weights(form);
            try (var model = LanguageModel.load(ModelStore.standard().resolve(folder.toString()), options)) {
                assertThat(model.card().notes())
                        .anyMatch(note -> note.contains(BROKEN) && note.contains("the first at element 2"));
            }
        }
    }

    private static byte[] bytesOf(Path file) {
        try (var opened = WeightFormats.open(file)) {
            return opened.tensor(BROKEN).bytes().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static int placeOf(byte[] part, byte[] whole) {
        for (int at = 0; at <= whole.length - part.length; at++) {
            if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("the tensor is not in the file");
    }
}
