package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipOutputStream;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of arrays; the files of the resources were written by NumPy. */
class NumpyArchiveTest {
    private static final byte[] ARRAY = NumpySeeds.ARRAYS.getFirst();

    @TempDir
    private Path folder;

    @Test
    void everyTypeIsReadWhereItLies() {
        try (WeightFile file = WeightFormats.open(NumpyFileTest.resource("types.npz"))) {
            assertThat(file.names())
                    .containsExactly(
                            "f2",
                            "f4",
                            "f8",
                            "i1",
                            "i2",
                            "i4",
                            "i8",
                            "u1",
                            "u2",
                            "u4",
                            "u8",
                            "b1",
                            "c8",
                            "scalar",
                            "empty",
                            "block.0/größe");
            List<StoredType> types = file.names().stream()
                    .limit(13)
                    .map(name -> file.tensor(name).storedType())
                    .toList();
            assertThat(types)
                    .extracting(StoredType::toString)
                    .containsExactly(
                            "F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL", "C64");
            assertThat(NumpyFileTest.floats(file.tensor("f4"))).containsExactly(1, 0, 100);
            assertThat(file.tensor("f4").bytes().isMapped()).isTrue();
            assertThat(file.tensor("i8").bytes().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                    .containsExactly(1, 0, 100);
            assertThat(file.tensor("b1").bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 0, 1);
            assertThat(NumpyFileTest.floats(file.tensor("c8"))).containsExactly(1, 0, 0, 0, 100, 0);
            assertThat(file.tensor("scalar").shape()).isEqualTo(Shape.of());
            assertThat(file.tensor("empty").shape()).isEqualTo(Shape.of(0, 4));
            assertThat(NumpyFileTest.floats(file.tensor("block.0/größe"))).containsExactly(7);
            assertThatThrownBy(() -> file.tensor("f3")).hasMessageContaining("nearest: f2, f4, f8");
        }
    }

    @Test
    void compressedArraysAreInflatedWhenTheyAreAskedFor() {
        try (NumpyFile file = NumpyFile.open(NumpyFileTest.resource("compressed.npz"))) {
            float[] values = NumpyFileTest.floats(file.tensor("plain"));
            assertThat(values).hasSize(300).startsWith(0, 0.25f, 0.5f).endsWith(1, 1.25f);
            StoredTensor cube = file.tensor("fortran");
            assertThat(cube.shape()).isEqualTo(Shape.of(2, 3, 4));
            short[] shorts = cube.bytes().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
            for (short index = 0; index < 24; index++) {
                assertThat(shorts[index]).isEqualTo(index);
            }
        }
    }

    @Test
    void arraysThatCannotBeReadDoNotKeepTheOthersFromIt() {
        try (NumpyFile file = NumpyFile.open(NumpyFileTest.resource("others.npz"))) {
            assertThat(file.names()).containsExactly("good");
            assertThat(file.refusedNames())
                    .containsExactlyInAnyOrder("objects", "texts", "swapped", "records", "raw", "times");
            assertThat(file.has("objects")).isFalse();
            assertThatThrownBy(() -> file.tensor("objects"))
                    .isInstanceOf(BadWeightFile.class)
                    .hasMessageContaining("objects.npy descr: an array of Python objects, stored as a pickle");
            assertThatThrownBy(() -> file.tensor("swapped")).hasMessageContaining("array.astype('<f4')");
        }
    }

    @Test
    void archivesOfJavaAndEmptyOnesAreRead() {
        for (boolean deflated : new boolean[] {true, false}) {
            byte[] archive = NumpySeeds.archive(deflated, ARRAY, NumpySeeds.ARRAYS.get(2));
            try (NumpyFile file = read(archive)) {
                assertThat(file.names()).containsExactly("a", "folder/b");
                assertThat(file.tensor("folder/b").bytes().byteSize()).isEqualTo(48);
            }
        }
        try (NumpyFile file = read(zip(zip -> {}))) {
            assertThat(file.names()).isEmpty();
        }
    }

    @Test
    void aCommentBehindTheDirectoryIsAllowed() {
        try (NumpyFile file = read(zip(zip -> {
            put(zip, "a.npy", ARRAY);
            zip.setComment("PK\u0005\u0006 and more");
        }))) {
            assertThat(file.names()).containsExactly("a");
        }
    }

    @Test
    void zipArchivesOfOtherThingsAreExplained() throws IOException {
        refuses(zip(zip -> put(zip, "word/document.xml", new byte[3])), "first member is 'word/document.xml'");
        byte[] torch = zip(zip -> {
            put(zip, "archive/data.pkl", new byte[] {(byte) 0x80, 2});
            put(zip, "archive/data/0", new byte[8]);
        });
        refuses(torch, "a pickle, which runs a program of its own");
        Path named = Files.write(folder.resolve("model.safetensors"), torch);
        assertThatThrownBy(() -> WeightFormats.open(named)).hasMessageContaining("torch.load(\"model.safetensors\"");
    }

    @Test
    void namesThatLeaveTheArchiveOrActOnATerminalAreRefused() {
        for (String name :
                new String[] {"../a.npy", "/a.npy", "a/../../b.npy", "a\\b.npy", "a\u001b[2J.npy", "a\n.npy"}) {
            refuses(zip(zip -> put(zip, name, ARRAY)), "a name that stays inside the archive");
        }
    }

    @Test
    void twoMembersOfOneNameAreRefused() {
        byte[] renamed = zip(zip -> {
            put(zip, "a.npy", ARRAY);
            put(zip, "b.npy", ARRAY);
        });
        byte[] equal = new String(renamed, StandardCharsets.ISO_8859_1)
                .replace("b.npy", "a.npy")
                .getBytes(StandardCharsets.ISO_8859_1);
        refuses(equal, "the name 'a.npy' a second time");
    }

    @Test
    void sizesThatCannotBeAreRefusedBeforeAnythingIsAllocated() {
        byte[] archive = zip(zip -> put(zip, "a.npy", ARRAY));
        refuses(patched(archive, 24, 1 << 30), "%d bytes out of".formatted(1 << 30));
        refuses(patched(archive, 24, ARRAY.length + 1), "data: 25 bytes; allowed: 24 bytes, which F32 [2, 3] takes");
        refuses(patched(archive, 20, 1 << 20), "needs 1048576 bytes");
        byte[] stored = NumpySeeds.archive(false, ARRAY, ARRAY);
        refuses(patched(stored, 24, ARRAY.length + 1), "%d bytes out of %d".formatted(ARRAY.length + 1, ARRAY.length));
        refuses(patched(stored, 16, 0), "a header unlike the directory");
        refuses(patched(archive, 42, 5), "another signature");
        refuses(patched(archive, 42, -2), "needs 4 bytes");
    }

    @Test
    void contentThatIsNotWhatTheDirectorySaysIsRefusedWhenItIsRead() {
        byte[] archive = zip(zip -> put(zip, "a.npy", ARRAY));
        byte[] other = patched(archive, 16, 12345);
        assertThatThrownBy(() -> read(other).tensor("a"))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("a.npy content: content of another checksum");
    }

    @Test
    void encryptedAndUnusualMembersAreRefused() {
        byte[] archive = zip(zip -> put(zip, "a.npy", ARRAY));
        refuses(patchedShort(archive, 8, 9), "encrypted bytes");
        refuses(patchedShort(archive, 10, 12), "compression method 12");
        refuses(patchedShort(archive, 34, 1), "an archive of several disks");
    }

    @Test
    void membersThatShareBytesAreRefused() {
        byte[] inner = concat(ZipWriting.header("b.npy", ARRAY.length, checksum(ARRAY)), ARRAY);
        byte[] header = ZipWriting.header("a.npy", inner.length, checksum(inner));
        byte[] entries = concat(
                ZipWriting.entry("a.npy", inner.length, checksum(inner), 0),
                ZipWriting.entry("b.npy", ARRAY.length, checksum(ARRAY), header.length));
        byte[] end = ZipWriting.end(2, header.length + inner.length, entries.length);
        refuses(concat(header, inner, entries, end), "'a.npy'): found bytes that reach into the next member");
    }

    private static long checksum(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return checksum.getValue();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List.of(parts).forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    @Test
    void truncatedArchivesAreRefused() {
        byte[] archive = NumpySeeds.archive(true, ARRAY, ARRAY);
        refuses(Arrays.copyOf(archive, archive.length - 1), "no directory, which a zip archive has at its end");
        refuses(Mutator.spliced(archive, 0, 0, new byte[] {1}), "a directory that ends at byte");
    }

    private void refuses(byte[] content, String part) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part)
                .hasMessageContaining("; allowed: ")
                .hasMessageContaining("; fix: ");
    }

    private NumpyFile read(byte[] content) {
        return NumpyFile.read(MappedFile.of(folder.resolve("x.npz"), content));
    }

    /** An archive with another number at some place of the first entry of its directory. */
    private static byte[] patched(byte[] archive, int place, int value) {
        byte[] copy = archive.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(entry(copy) + place, value);
        return copy;
    }

    private static byte[] patchedShort(byte[] archive, int place, int value) {
        byte[] copy = archive.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putShort(entry(copy) + place, (short) value);
        return copy;
    }

    private static int entry(byte[] archive) {
        return new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    }

    private interface Filling {
        void fill(ZipOutputStream zip) throws IOException;
    }

    private static byte[] zip(Filling filling) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(whole)) {
            zip.setLevel(Deflater.BEST_SPEED);
            filling.fill(zip);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return whole.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new java.util.zip.ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
