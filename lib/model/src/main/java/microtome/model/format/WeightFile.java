package microtome.model.format;

import java.nio.file.Path;
import java.util.List;

/**
 * An opened file of weights. Opening reads and checks the table of contents only; the bytes of tensors come from the
 * mapped file when they are touched. Not closing one is harmless: the mapping ends when nothing refers to it any more.
 */
public sealed interface WeightFile extends AutoCloseable permits SingleFile, ShardedSafetensors {

    /** The file that was opened. */
    Path path();

    /** Names of all tensors, in the order of the file. */
    List<String> names();

    /** Whether there is a tensor of this name. */
    boolean has(String name);

    /**
     * The tensor of this name.
     *
     * @throws IllegalArgumentException when there is none; the message lists the nearest names
     * @throws BadWeightFile when the file became shorter after it was opened
     */
    StoredTensor tensor(String name);

    /** What the file says about itself. */
    Metadata metadata();

    /** Size of the file in bytes. */
    long bytes();

    /** SHA-256 of the whole file in lower-case hexadecimal digits, computed at the first call. */
    String sha256();

    /** Gives the memory pages of the whole file back to the system; they come back when their bytes are touched. */
    void unload();

    /** Gives the file handle back. Bytes already handed out stay readable. */
    @Override
    void close();
}
