package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single arrays; the files of the resources were written by NumPy. */
class NumpyFileTest {
    private static final float[] TABLE = {0, 0.25f, 0.5f, 0.75f, 1, 1.25f};

    @TempDir
    private Path folder;

    static Path resource(String name) {
        try {
            return Path.of(NumpyFileTest.class
                    .getResource("/microtome/model/numpy/" + name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"version1", "version2", "version3"})
    void everyVersionOfTheHeaderIsRead(String name) {
        try (WeightFile file = WeightFormats.open(resource(name + ".npy"))) {
            assertThat(file.names()).containsExactly(name);
            StoredTensor tensor = file.tensor(name);
            assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
            assertThat(tensor.storedType()).isEqualTo(StoredType.F32);
            assertThat(tensor.bytes().isMapped()).isTrue();
            assertThat(floats(tensor)).containsExactly(TABLE);
            assertThat(file.metadata().keys()).isEmpty();
        }
    }

    @Test
    void theOrderOfFortranIsTurned() {
        try (WeightFile file = WeightFormats.open(resource("fortran.npy"))) {
            StoredTensor tensor = file.tensor("fortran");
            assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
            assertThat(floats(tensor)).containsExactly(TABLE);
            assertThat(tensor.bytes().isReadOnly()).isTrue();
            assertThat(file.tensor("fortran").bytes()).isEqualTo(tensor.bytes());
            file.unload();
            assertThat(floats(tensor)).containsExactly(TABLE);
            assertThat(floats(file.tensor("fortran"))).containsExactly(TABLE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "objects; stored as a pickle, which runs a program; array.tolist()",
                "texts; an array of texts ('<U5'); leave texts out",
                "swapped; big-endian numbers ('>f4'); array.astype('<f4')",
                "records; records with named fields; array.dtype.names",
                "raw; raw bytes ('|V2'); array.astype('float32')",
                "times; the type '<M8[D]'; array.astype('float32')"
            })
    void otherArraysAreRefusedWithWhatToDo(String name, String found, String fix) {
        assertThatThrownBy(() -> WeightFormats.open(resource(name + ".npy")))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(found)
                .hasMessageContaining("; allowed: little-endian f2 f4 f8")
                .hasMessageContaining(fix);
    }

    @Test
    void acceptsWhateverPythonReadsAsTheSame() {
        accepts("{\"shape\": (2, ), 'fortran_order':True,\n 'descr' : \"<f4\"}  \n", 8);
        accepts("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }", 8);
        accepts("{'descr': '>i1', 'fortran_order': False, 'shape': (0, 4611686018427387904), }", 0);
        accepts("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", 1);
    }

    private void accepts(String header, int data) {
        try (NumpyFile file = NumpyFile.open(write(header, data))) {
            assertThat(file.tensor(file.names().getFirst()).bytes().byteSize()).isEqualTo(data);
        }
    }

    @Test
    void refusesHeadersThatAreNotADictionaryOfThree() {
        refuses("  ", 0, "the end of it; allowed: a complete header");
        refuses("{'descr': '<f4', 'fortran_order': False}", 0, "exactly descr, fortran_order and shape");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", 4, "exactly descr");
        refuses("('descr', '<f4')", 0, "exactly descr");
        refuses("{'descr': '<f4', 'descr': '<f4'", 0, "'descr' once");
        refuses("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", 4, "fortran_order: something else");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", 8, "shape: something else");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", 8, "shape: something else");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 8, "an extent that is no number from 0");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}", 8, "an extent that is no number");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", 4, "'x'; allowed: blanks up to the end");
        refuses("{'descr': __import__('os').system('true')}", 0, "allowed: a value");
        refuses("(".repeat(1000), 0, "at most 16 brackets inside each other");
        refuses("{'descr': '<f4", 0, "a complete header");
        refuses("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 0, "below 2^63");
    }

    @Test
    void refusesShapesThatDoNotFitTheData() {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }";
        refuses(header.formatted("(2, 3)"), 23, "data: 23 bytes; allowed: 24 bytes, which F32 [2, 3] takes");
        refuses(header.formatted("(2, 3)"), 25, "data: 25 bytes");
        refuses(header.formatted("(4294967296, 4294967296)"), 0, "fewer than 2^63 bytes");
        refuses(header.formatted("(4611686018427387904,)"), 0, "fewer than 2^63 bytes");
        refuses(header.formatted("(9223372036854775807,)"), 8, "fewer than 2^63 bytes");
        refuses(header.formatted("(1,1,1,1,1,1,1,1,1)"), 4, "9 axes; allowed: at most 8");
    }

    @Test
    void refusesVersionsAndLengthsThatTheFileCannotHave() {
        byte[] good = content("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4);
        for (int version : new int[] {0, 4, -1}) {
            byte[] other = good.clone();
            other[6] = (byte) version;
            refuses(other, "byte 6 (version): version " + version);
        }
        byte[] minor = good.clone();
        minor[7] = 1;
        refuses(minor, "version 1.1");
        byte[] large = good.clone();
        large[6] = 2;
        large[10] = (byte) 0xff;
        refuses(large, "byte 8 (header length): 671023157; allowed: 0..10000");
        byte[] beyond = good.clone();
        beyond[9] = 1;
        refuses(beyond, "bytes in all; allowed: a header of ");
        refuses("\u0093NUMPY\u0001".getBytes(StandardCharsets.ISO_8859_1), "7 bytes that do not begin like an array");
    }

    @Test
    void whatOnlyHasTheNameIsExplained() throws IOException {
        for (String name : new String[] {"a.npy", "a.npz"}) {
            Path path = Files.writeString(folder.resolve(name), "something else");
            assertThatThrownBy(() -> WeightFormats.open(path))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("neither an array of NumPy nor a zip archive");
        }
    }

    private void refuses(String header, int data, String part) {
        refuses(content(header, data), part);
    }

    private void refuses(byte[] content, String part) {
        MappedFile file = MappedFile.of(folder.resolve("x.npy"), content);
        assertThatThrownBy(() -> NumpyFile.read(file))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part)
                .hasMessageContaining("; allowed: ")
                .hasMessageContaining("; fix: ");
    }

    private static byte[] content(String header, int data) {
        return GgufBuilder.bytes(10 + header.length() + data)
                .put(NumpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private Path write(String header, int data) {
        try {
            return Files.write(folder.resolve("x.npy"), content(header, data));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static float[] floats(StoredTensor tensor) {
        MemorySegment bytes = tensor.bytes();
        return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
