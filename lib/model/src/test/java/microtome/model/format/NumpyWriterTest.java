package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyWriterTest {
    @TempDir
    private Path folder;

    @Test
    void anArrayIsWrittenByteForByteAsTheFormatSays() throws IOException {
        Path path = folder.resolve("table.npy");
        NumpyWriter.array(path, Shape.of(2, 1), new float[] {1, -2});
        String header =
                "\u0093NUMPY\u0001\u0000\u0076\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
        byte[] expected = GgufBuilder.bytes(128 + 8)
                .put((header + " ".repeat(127 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1))
                .putFloat(1)
                .putFloat(-2)
                .array();
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
    }

    @Test
    void shapesAreTuplesOfPython() throws IOException {
        assertThat(header(Shape.of())).contains("'shape': (), }");
        assertThat(header(Shape.of(1))).contains("'shape': (1,), }");
        assertThat(header(Shape.of(1, 1, 1))).contains("'shape': (1, 1, 1), }");
    }

    private String header(Shape shape) throws IOException {
        Path path = folder.resolve("x.npy");
        NumpyWriter.array(path, shape, new int[1]);
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }

    private Path archive(String name) {
        Path path = folder.resolve(name);
        try (NumpyWriter writer = NumpyWriter.to(path)) {
            writer.write("token_ids", Shape.of(3), new int[] {504, 3575, -1})
                    .write("logits", Shape.of(1, 2), new float[] {1.5f, Float.NaN})
                    .write("block.0/größe", Shape.of(), new double[] {0.5})
                    .write("empty", Shape.of(0, 7), new float[0])
                    .write("flags", StoredType.BOOL, Shape.of(2), MemorySegment.ofArray(new byte[] {1, 0}))
                    .finish();
        }
        return path;
    }

    @Test
    void whatIsWrittenIsReadBack() {
        try (WeightFile file = WeightFormats.open(archive("run.npz"))) {
            assertThat(file.names()).containsExactly("token_ids", "logits", "block.0/größe", "empty", "flags");
            assertThat(file.tensor("token_ids").bytes().toArray(ValueLayout.JAVA_INT_UNALIGNED))
                    .containsExactly(504, 3575, -1);
            assertThat(NumpyFileTest.floats(file.tensor("logits"))).containsExactly(1.5f, Float.NaN);
            assertThat(file.tensor("logits").shape()).isEqualTo(Shape.of(1, 2));
            assertThat(file.tensor("block.0/größe").bytes().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED))
                    .containsExactly(0.5);
            assertThat(file.tensor("empty").shape()).isEqualTo(Shape.of(0, 7));
            assertThat(file.tensor("flags").storedType()).isEqualTo(StoredType.BOOL);
        }
    }

    @Test
    void anotherReaderOfArchivesFindsTheSame() throws IOException {
        try (ZipFile zip = new ZipFile(archive("run.npz").toFile())) {
            assertThat(zip.stream().map(java.util.zip.ZipEntry::getName))
                    .containsExactly("token_ids.npy", "logits.npy", "block.0/größe.npy", "empty.npy", "flags.npy");
            byte[] logits = zip.getInputStream(zip.getEntry("logits.npy")).readAllBytes();
            assertThat(logits).hasSize(128 + 8).startsWith(NumpyHeader.MAGIC);
        }
    }

    @Test
    void equalValuesGiveEqualBytes() throws IOException {
        assertThat(Files.readAllBytes(archive("one.npz"))).isEqualTo(Files.readAllBytes(archive("two.npz")));
    }

    @Test
    void nothingIsLeftOfAnArchiveThatWasNotFinished() throws IOException {
        Path path = Files.writeString(folder.resolve("half.npz"), "old");
        try (NumpyWriter writer = NumpyWriter.to(path)) {
            writer.write("a", Shape.of(3), new int[3]);
        }
        assertThat(path).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void valuesMustFitTheirShapeAndNumpyMustHaveTheType() {
        try (NumpyWriter writer = NumpyWriter.to(folder.resolve("x.npz"))) {
            assertThatThrownBy(() -> writer.write("a", Shape.of(2), new float[3]))
                    .hasMessage("array 'a': F32 [2] takes 8 bytes, got 12");
            assertThatThrownBy(
                            () -> writer.write("a", StoredType.BF16, Shape.of(1), MemorySegment.ofArray(new byte[2])))
                    .hasMessage("array 'a': NumPy has no type BF16; write F32, or a safetensors file");
            writer.write("a", Shape.of(1), new float[1]);
            assertThatThrownBy(() -> writer.write("a", Shape.of(1), new float[1]))
                    .hasMessageContaining("taken");
            for (String name : new String[] {"", "../a", "/a", "a\\b", "a\n", "a".repeat(256)}) {
                assertThatThrownBy(() -> writer.write(name, Shape.of(1), new float[1]))
                        .hasMessageContaining("a name must be 1 to 255 characters of a relative path");
            }
        }
    }
}
