package microtome.model.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that appears under its name in one step, when it is complete; closing it before that leaves nothing. */
final class UnfinishedFile implements AutoCloseable {
    private static final long LARGEST_STEP = 1 << 20;

    private final Path target;
    private final FileChannel channel;
    private Path unfinished;

    private UnfinishedFile(Path target, Path unfinished, FileChannel channel) {
        this.target = target;
        this.unfinished = unfinished;
        this.channel = channel;
    }

    static UnfinishedFile of(Path target) {
        Path part = PartFile.of(target);
        try {
            FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new UnfinishedFile(target, part, channel);
        } catch (IOException failure) {
            throw cannotWrite(target, failure);
        }
    }

    /** Adds bytes, through a buffer of limited size. */
    void write(MemorySegment bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment step = arena.allocate(Math.clamp(bytes.byteSize(), 1, LARGEST_STEP));
            for (long from = 0; from < bytes.byteSize(); from += step.byteSize()) {
                long length = Math.min(step.byteSize(), bytes.byteSize() - from);
                MemorySegment.copy(bytes, from, step, 0, length);
                ByteBuffer part = step.asSlice(0, length).asByteBuffer();
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
        } catch (IOException failure) {
            throw cannotWrite(target, failure);
        }
    }

    /** Puts the file in its place. */
    void finish() {
        try {
            channel.close();
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            unfinished = null;
        } catch (IOException failure) {
            throw cannotWrite(target, failure);
        }
    }

    /** Removes what is there of a file that was not finished. */
    @Override
    public void close() {
        try {
            channel.close();
            if (unfinished != null) {
                Files.deleteIfExists(unfinished);
                unfinished = null;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(target + ": the unfinished file cannot be removed", failure);
        }
    }

    private static UncheckedIOException cannotWrite(Path target, IOException failure) {
        return new UncheckedIOException("%s: cannot be written (%s)".formatted(target, failure), failure);
    }
}
