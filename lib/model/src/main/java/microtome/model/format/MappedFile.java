package microtome.model.format;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * A whole file as one read-only segment. The handle stays open so that a file which shrinks later is noticed before a
 * page beyond its end is touched: Java could catch that, native code would take the process down. The handle is a
 * {@link RandomAccessFile} because asking a channel for its size while the thread is interrupted closes the channel.
 */
final class MappedFile implements AutoCloseable {
    private static final long HASH_STEP = 1L << 26;

    private final Path path;
    private final RandomAccessFile handle;
    private final MemorySegment bytes;
    private String sha256;

    private MappedFile(Path path, RandomAccessFile handle, MemorySegment bytes) {
        this.path = path;
        this.handle = handle;
        this.bytes = bytes;
    }

    /** Opens a file and reads it; it stays open only if that succeeds. */
    static <T> T read(Path path, Function<MappedFile, T> reader) {
        MappedFile file = open(path);
        try {
            return reader.apply(file);
        } catch (RuntimeException | Error failure) {
            file.close();
            throw failure;
        }
    }

    /** A file whose bytes are in memory already; nothing happens on the disk. */
    static MappedFile of(Path path, byte[] content) {
        return new MappedFile(path, null, MemorySegment.ofArray(content).asReadOnly());
    }

    static MappedFile open(Path path) {
        requireFile(path);
        RandomAccessFile handle = null;
        try {
            handle = new RandomAccessFile(path.toFile(), "r");
            MemorySegment bytes = handle.getChannel().map(MapMode.READ_ONLY, 0, handle.length(), Arena.ofAuto());
            return new MappedFile(path, handle, bytes);
        } catch (IOException failure) {
            closeQuietly(handle);
            throw new UncheckedIOException("%s: cannot be opened for reading".formatted(path), failure);
        }
    }

    private static void requireFile(Path path) {
        if (Files.isRegularFile(path)) {
            return;
        }
        String found = Files.isDirectory(path) ? "is a folder, not a file" : "does not exist or is not a regular file";
        throw new UncheckedIOException(new FileNotFoundException(path + " " + found));
    }

    Path path() {
        return path;
    }

    MemorySegment bytes() {
        return bytes;
    }

    long size() {
        return bytes.byteSize();
    }

    /** Fails when the file is shorter than it was when it was mapped. */
    void requireUnchanged() {
        if (handle == null) {
            return;
        }
        long now;
        try {
            now = handle.length();
        } catch (IOException closed) {
            throw new IllegalStateException(path + ": the weight file is closed; open it again", closed);
        }
        if (now < size()) {
            throw new BadWeightFile(
                    path,
                    "size",
                    "%d bytes now, %d when it was opened".formatted(now, size()),
                    "a file that does not change while it is open",
                    "load the model again once the file is complete");
        }
    }

    /** Gives the memory pages back to the system; they come back from the file when they are touched. */
    void unload() {
        if (size() > 0 && bytes.isMapped()) {
            bytes.unload();
        }
    }

    synchronized String sha256() {
        if (sha256 == null) {
            requireUnchanged();
            sha256 = hash();
        }
        return sha256;
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long from = 0; from < size(); from += HASH_STEP) {
                digest.update(
                        bytes.asSlice(from, Math.min(HASH_STEP, size() - from)).asByteBuffer());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        } catch (InternalError pageGone) {
            throw new BadWeightFile(
                            path,
                            "size",
                            "the file became shorter while it was read",
                            "a file that does not change while it is open",
                            "load the model again once the file is complete")
                    .because(pageGone);
        }
    }

    @Override
    public void close() {
        closeQuietly(handle);
    }

    private static void closeQuietly(RandomAccessFile handle) {
        try {
            if (handle != null) {
                handle.close();
            }
        } catch (IOException ignored) {
            // A handle for reading holds nothing that closing could lose.
        }
    }
}
