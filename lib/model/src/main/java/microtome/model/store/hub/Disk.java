package microtome.model.store.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The disk that parts are written to; tests have one that fills up. */
interface Disk {
    /** The disk of this machine. */
    Disk REAL = new Disk() {};

    /** Bytes that can still be written below a folder that exists. */
    default long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Writes all of a buffer. */
    default void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += file.write(bytes, at);
        }
    }
}
