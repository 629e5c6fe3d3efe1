package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GgufFuzzTest {
    @TempDir
    private Path folder;

    private int files;

    private static GgufBuilder sample() {
        return new GgufBuilder()
                .string("general.architecture", "llama")
                .u32("general.alignment", 32)
                .strings("tokens", List.of("one", "two", "drei"))
                .i32s("types", 1, 2, 3)
                .f32("epsilon", 1e-5f)
                .bool("flag", 1)
                .u64("long", 1L << 40)
                .tensor("first", 0, new byte[24], 3, 2)
                .tensor("second", 3, new byte[40], 32, 2);
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = sample().build();
        int needed = whole.length - 24;
        for (int length = 0; length < whole.length; length++) {
            boolean opened = opens(Arrays.copyOf(whole, length));
            assertThat(opened).as("cut to %d of %d bytes", length, whole.length).isEqualTo(length >= needed);
        }
        assertThat(opens(whole)).isTrue();
    }

    @Test
    void everyBitFlipInTheHeaderIsRefusedOrConsistent() throws IOException {
        byte[] whole = sample().build();
        for (int bit = 0; bit < sample().headerBytes() * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            opens(flipped);
        }
    }

    @Test
    void randomDamageIsRefusedOrConsistent() throws IOException {
        byte[] whole = sample().build();
        Random random = new Random(20261124);
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = whole.clone();
            for (int change = 0; change <= random.nextInt(8); change++) {
                damaged[random.nextInt(sample().headerBytes())] = (byte) random.nextInt();
            }
            opens(damaged);
        }
    }

    /** Opens and reads everything; only {@link BadWeightFile} may stop it. */
    private boolean opens(byte[] content) throws IOException {
        Path path = Files.write(folder.resolve("fuzz" + ++files + ".gguf"), content);
        try (Gguf file = Gguf.open(path)) {
            for (String name : file.names()) {
                StoredTensor tensor = file.tensor(name);
                assertThat(tensor.bytes().toArray(ValueLayout.JAVA_BYTE))
                        .hasSize((int) tensor.bytes().byteSize());
                assertThat(tensor.bytes().byteSize()).isLessThanOrEqualTo(content.length);
            }
            file.metadata().keys().forEach(key -> readQuietly(file.metadata(), key));
            return true;
        } catch (BadWeightFile expected) {
            assertThat(expected.where()).isNotEmpty();
            return false;
        }
    }

    private static void readQuietly(GgufMetadata metadata, String key) {
        List<Runnable> readings = List.of(
                () -> metadata.string(key),
                () -> metadata.longs(key),
                () -> metadata.floats(key),
                () -> metadata.booleanValue(key),
                () -> metadata.strings(key));
        for (Runnable reading : readings) {
            try {
                reading.run();
            } catch (BadWeightFile expected) {
                assertThat(expected.where()).contains(key);
            }
        }
    }
}
