package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    private SafetensorsWriter writer(Path path) {
        return SafetensorsWriter.to(path)
                .metadata("model", "a \"quoted\" name\n")
                .declare("token_ids", StoredType.I32, Shape.of(3))
                .declare("logits", StoredType.F32, Shape.of(1, 2))
                .declare("empty", StoredType.F32, Shape.of(0, 7))
                .declare("half", StoredType.BF16, Shape.of(1));
    }

    private Path write(String name) {
        Path path = folder.resolve(name);
        try (var writer = writer(path)) {
            writer.write("token_ids", new int[] {504, 3575, -1});
            writer.write("logits", new float[] {1.5f, Float.NaN});
            writer.write("empty", new float[0]);
            writer.write("half", MemorySegment.ofArray(new byte[] {(byte) 0x80, 0x3f}));
            writer.finish();
        }
        return path;
    }

    @Test
    void whatIsWrittenIsReadBack() {
        try (Safetensors file = Safetensors.open(write("out.safetensors"))) {
            assertThat(file.names()).containsExactly("token_ids", "logits", "empty", "half");
            assertThat(file.tensor("token_ids").bytes().toArray(ValueLayout.JAVA_INT_UNALIGNED))
                    .containsExactly(504, 3575, -1);
            assertThat(file.tensor("logits").bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsExactly(1.5f, Float.NaN);
            assertThat(file.tensor("empty").shape()).isEqualTo(Shape.of(0, 7));
            assertThat(file.metadata().string("model")).isEqualTo("a \"quoted\" name\n");
        }
    }

    @Test
    void theHeaderIsPaddedAndTheBytesAreTheSameEveryTime() throws IOException {
        byte[] first = Files.readAllBytes(write("one.safetensors"));
        assertThat(Long.reverseBytes(ByteBuffer.wrap(first).getLong()) % 8).isZero();
        assertThat(Files.readAllBytes(write("two.safetensors"))).isEqualTo(first);
    }

    @Test
    void nothingIsLeftOfAFileThatWasNotFinished() throws IOException {
        Path path = folder.resolve("half.safetensors");
        try (var writer = writer(path)) {
            writer.write("token_ids", new int[3]);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void replacesAFileOnlyWhenItIsFinished() throws IOException {
        Path path = Files.writeString(folder.resolve("old.safetensors"), "old");
        try (var writer = writer(path)) {
            writer.write("token_ids", new int[3]);
            assertThat(path).hasContent("old");
        }
        assertThat(path).hasContent("old");
        write("old.safetensors");
        assertThat(Files.size(path)).isGreaterThan(100);
    }

    @Test
    void valuesMustBeWhatWasDeclared() {
        try (var writer = writer(folder.resolve("x.safetensors"))) {
            assertThatThrownBy(() -> writer.write("logits", new float[2]))
                    .hasMessageContaining("next is 'token_ids' I32 [3] with 12 bytes");
        }
        try (var writer = writer(folder.resolve("x.safetensors"))) {
            assertThatThrownBy(() -> writer.write("token_ids", new float[3]))
                    .hasMessageContaining("next is 'token_ids' I32");
        }
        try (var writer = writer(folder.resolve("x.safetensors"))) {
            assertThatThrownBy(() -> writer.write("token_ids", new int[2])).hasMessageContaining("with 8 bytes");
        }
        try (var writer = writer(folder.resolve("x.safetensors"))) {
            assertThatThrownBy(writer::finish).hasMessageContaining("'token_ids' was declared and not written");
        }
        assertThatThrownBy(() -> writer(folder).declare("half", StoredType.F32, Shape.of(1)))
                .hasMessageContaining("taken");
        assertThatThrownBy(() -> writer(folder).declare("q", StoredType.Q4_0, Shape.of(32)))
                .hasMessageContaining("safetensors has no type Q4_0");
    }
}
