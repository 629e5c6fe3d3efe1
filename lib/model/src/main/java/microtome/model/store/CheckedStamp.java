package microtome.model.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.model.format.PartFile;

/** A small file that says: this file, of this size and time, had this sum. */
record CheckedStamp(Path stamp, String content) {

    static CheckedStamp of(Path file, String sha256) throws IOException {
        String content = "%s %d %d%n"
                .formatted(
                        sha256,
                        Files.size(file),
                        Files.getLastModifiedTime(file).toMillis());
        return new CheckedStamp(file.resolveSibling(file.getFileName() + ".checked"), content);
    }

    boolean isThere() {
        try {
            return Files.isRegularFile(stamp) && Files.readString(stamp).equals(content);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Leaves the stamp, unless the folder is read-only: then the sum is computed again next time. */
    void leave() {
        try {
            PartFile.replace(stamp, content);
        } catch (IOException ignored) {
            // Nothing is lost but time.
        }
    }
}
