package microtome.model.store.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that is being downloaded: its bytes at their places, and behind them a ledger of how far each part has come, so
 * that one file holds all that the next call needs. The ledger is cut off when the file is complete.
 */
final class PartialBlob implements AutoCloseable {
    /** Not Python's ending alone: its older versions would take the length of such a file for what is there of it. */
    static final String ENDING = ".microtome.incomplete";

    private static final long MAGIC = 0x6d6963726f746f31L;
    private static final int TAIL = 2 * Long.BYTES; // bytes per part, magic

    private final Path path;
    private final Path blob;
    private final long bytes;
    private final Disk disk;
    private final FileChannel file;
    private final List<Part> parts = new ArrayList<>();

    /** Bytes {@code from} … {@code to − 1}, of which {@code done} are here. Only one thread works on a part. */
    static final class Part {
        private final long from;
        private final long to;
        private final long entry;
        private volatile long done;

        private Part(long from, long to, long entry) {
            this.from = from;
            this.to = to;
            this.entry = entry;
        }

        /** The first byte that is missing. */
        long next() {
            return from + done;
        }

        /** The byte after the last. */
        long to() {
            return to;
        }

        long missing() {
            return to - next();
        }
    }

    private PartialBlob(Path blob, long bytes, Disk disk) throws IOException {
        this.path = of(blob);
        this.blob = blob;
        this.bytes = bytes;
        this.disk = disk;
        this.file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The path of the incomplete file that becomes this blob. */
    static Path of(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ENDING);
    }

    /** Goes on with what earlier calls left, or begins. */
    static PartialBlob open(Path blob, long bytes, long partBytes, Disk disk) throws IOException {
        var partial = new PartialBlob(blob, bytes, disk);
        try {
            if (!partial.readLedger()) {
                partial.begin(partBytes);
            }
            return partial;
        } catch (IOException | RuntimeException failure) {
            partial.close();
            throw failure;
        }
    }

    private boolean readLedger() throws IOException {
        ByteBuffer tail = ByteBuffer.allocate(TAIL);
        if (file.size() < bytes + TAIL || file.read(tail, file.size() - TAIL) < TAIL) {
            return false;
        }
        long partBytes = tail.flip().getLong();
        boolean ours = partBytes > 0 && tail.getLong() == MAGIC;
        if (!ours || file.size() != bytes + TAIL + (bytes + partBytes - 1) / partBytes * Long.BYTES) {
            return false;
        }
        divide(partBytes);
        for (Part part : parts) {
            ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
            file.read(entry, part.entry);
            part.done = Math.clamp(entry.flip().getLong(), 0, part.to - part.from);
        }
        return true;
    }

    private void begin(long partBytes) throws IOException {
        file.truncate(0);
        divide(partBytes);
        ByteBuffer ledger = ByteBuffer.allocate(parts.size() * Long.BYTES + TAIL);
        ledger.putLong(parts.size() * Long.BYTES, partBytes).putLong(parts.size() * Long.BYTES + Long.BYTES, MAGIC);
        disk.write(file, ledger, bytes);
    }

    private void divide(long partBytes) {
        for (long from = 0; from < bytes; from += Math.min(partBytes, bytes - from)) {
            parts.add(
                    new Part(from, from + Math.min(partBytes, bytes - from), bytes + (long) parts.size() * Long.BYTES));
        }
    }

    /** The parts that are not yet complete. */
    List<Part> missing() {
        return parts.stream().filter(part -> part.missing() > 0).toList();
    }

    long missingBytes() {
        return parts.stream().mapToLong(Part::missing).sum();
    }

    /** Writes the next bytes of a part, then notes them: what the ledger says is there, is. */
    void write(Part part, ByteBuffer chunk) throws IOException {
        int length = chunk.remaining();
        disk.write(file, chunk, part.next());
        note(part, part.done + length);
    }

    /** Marks everything as missing again. */
    void forget() throws IOException {
        for (Part part : parts) {
            note(part, 0);
        }
    }

    private void note(Part part, long done) throws IOException {
        disk.write(file, ByteBuffer.allocate(Long.BYTES).putLong(0, done), part.entry);
        part.done = done;
    }

    /**
     * Puts the file in its place.
     *
     * @throws HubProblem when its sum is wrong; the file is then deleted
     */
    void finish(HubFile wanted) throws IOException {
        Checksum found = wanted.checksum().of(file, bytes);
        if (!found.equals(wanted.checksum())) {
            delete();
            throw new HubProblem("%s: the download has %s %s, the hub says %s; it was deleted; fix: try again"
                    .formatted(wanted.path(), found.kind(), found, wanted.checksum()));
        }
        file.truncate(bytes);
        file.force(true);
        file.close();
        Files.move(path, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what is here. */
    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
