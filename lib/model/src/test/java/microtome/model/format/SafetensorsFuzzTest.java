package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SafetensorsFuzzTest {
    @TempDir
    private Path folder;

    private int files;

    private byte[] sample() throws IOException {
        Path path = folder.resolve("sample.safetensors");
        try (var writer = SafetensorsWriter.to(path)
                .metadata("format", "pt")
                .declare("first", StoredType.F32, Shape.of(3, 2))
                .declare("second", StoredType.I32, Shape.of(5))) {
            writer.write("first", new float[6]);
            writer.write("second", new int[5]);
            writer.finish();
        }
        return Files.readAllBytes(path);
    }

    private static int headerBytes(byte[] whole) {
        return 8 + (int) Long.reverseBytes(ByteBuffer.wrap(whole).getLong());
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = sample();
        for (int length = 0; length < whole.length; length++) {
            assertThat(opens(Arrays.copyOf(whole, length)))
                    .as("cut to %d", length)
                    .isFalse();
        }
        assertThat(opens(Arrays.copyOf(whole, whole.length + 1))).isFalse();
        assertThat(opens(whole)).isTrue();
    }

    @Test
    void everyBitFlipInTheHeaderIsRefusedOrConsistent() throws IOException {
        byte[] whole = sample();
        for (int bit = 0; bit < headerBytes(whole) * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            opens(flipped);
        }
    }

    @Test
    void randomDamageIsRefusedOrConsistent() throws IOException {
        byte[] whole = sample();
        Random random = new Random(20261124);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = whole.clone();
            for (int change = 0; change <= random.nextInt(6); change++) {
                damaged[random.nextInt(headerBytes(whole))] =
                        (byte) " {}[]:,\"0123456789-eF".charAt(random.nextInt(21));
            }
            opens(damaged);
        }
    }

    private boolean opens(byte[] content) throws IOException {
        Path path = Files.write(folder.resolve("fuzz" + ++files + ".safetensors"), content);
        try (Safetensors file = Safetensors.open(path)) {
            long covered = 0;
            for (String name : file.names()) {
                covered += file.tensor(name).bytes().toArray(ValueLayout.JAVA_BYTE).length;
            }
            assertThat(covered).isEqualTo(content.length - headerBytes(content));
            return true;
        } catch (BadWeightFile expected) {
            assertThat(expected.where()).isNotEmpty();
            return false;
        }
    }
}
