package microtome.model.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The name under which a file is written until it is complete; no other thread or process has the same. */
public final class PartFile {
    private PartFile() {}

    /** A new name beside the target. Unlike a temporary file it gets the usual permissions. */
    public static Path of(Path target) {
        return target.resolveSibling("%s.%d-%d.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    }

    /** Writes a small text file in one step: readers see the old text or the new one, never a part; a failure leaves the old. */
    public static void replace(Path target, String text) throws IOException {
        Path part = of(target);
        try {
            Files.writeString(part, text);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
