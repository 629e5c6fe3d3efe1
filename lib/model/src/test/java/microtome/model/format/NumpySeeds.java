package microtome.model.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small arrays and archives of NumPy to start from. */
final class NumpySeeds {

    static final List<byte[]> ARRAYS = List.of(
            array("\u0001", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24),
            array("\u0001", "{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 1),
            array("\u0002", "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }", 48),
            array(
                    "\u0003",
                    "{'descr': [('x', '<f4'), ('y', '<i4', (2,))], 'fortran_order': False, 'shape': (2,), }",
                    24));
    static final List<byte[]> ARCHIVES = List.of(
            archive(true, ARRAYS.get(0), ARRAYS.get(1)), archive(false, ARRAYS.get(2), ARRAYS.get(0)), zipped());

    static byte[] array(String version, String header, int data) {
        int start = version.equals("\u0001") ? 10 : 12;
        byte[] content = new byte[start + header.length() + 1 + data];
        byte[] head = ("\u0093NUMPY" + version).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(head, 0, content, 0, head.length);
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, content, start, header.length());
        content[start + header.length()] = '\n';
        return withTrueLength(content);
    }

    /** The header ends with the first line break behind the length. */
    static byte[] withTrueLength(byte[] content) {
        int start = content.length > 6 && content[6] == 1 ? 10 : 12;
        int end = start;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        if (end < content.length && end < 1 << 15) {
            ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) (end + 1 - start));
        }
        return content;
    }

    /** An archive of two arrays as our writer makes it, or deflated as others do. */
    static byte[] archive(boolean deflated, byte[] first, byte[] second) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(whole)) {
            zip.setMethod(deflated ? ZipOutputStream.DEFLATED : ZipOutputStream.STORED);
            put(zip, "a.npy", first);
            put(zip, "folder/", new byte[0]);
            put(zip, "folder/b.npy", second);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return whole.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entry.setSize(content.length);
        entry.setCrc(checksum(content));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static long checksum(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return checksum.getValue();
    }

    /** The large form of every record. */
    private static byte[] zipped() {
        byte[] array = ARRAYS.getFirst();
        byte[] header = ZipWriting.header("a.npy", array.length, checksum(array));
        byte[] entry = ZipWriting.entry("a.npy", array.length, checksum(array), 0);
        byte[] end = ZipWriting.end(1, header.length + array.length, entry.length);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List.of(header, array, entry, end).forEach(whole::writeBytes);
        return whole.toByteArray();
    }
}
