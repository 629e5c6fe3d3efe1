package microtome.model.format;

import java.nio.file.Path;

/**
 * A model file that cannot be used: truncated, damaged, hostile, or of a kind that is not read. The message says which
 * file, where in it, what was found, what is allowed, and what to do.
 */
public class BadWeightFile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The way out of a damaged file. */
    static final String DOWNLOAD_AGAIN = "the file is damaged or incomplete; download it again";

    private final transient Path path;
    private final String where;

    /** What is wrong with a file: the place in it, what was found there, what is allowed, and the way out. */
    public BadWeightFile(Path path, String where, String found, String allowed, String fix) {
        super("%s: %s: %s; allowed: %s; fix: %s".formatted(path, where, found, allowed, fix));
        this.path = path;
        this.where = where;
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The byte offset, key or tensor that is wrong. */
    public String where() {
        return where;
    }

    /** The same error with the exception that revealed it. */
    BadWeightFile because(Throwable cause) {
        initCause(cause);
        return this;
    }
}
