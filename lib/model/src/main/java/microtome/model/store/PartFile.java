package microtome.model.store;

import java.nio.file.Path;

/** The name under which a file is written until it is complete; no other thread or process has the same. */
public final class PartFile {
    private PartFile() {}

    /** A new name beside the target. Unlike a temporary file it gets the usual permissions. */
    public static Path of(Path target) {
        return target.resolveSibling("%s.%d-%d.part"
                .formatted(target.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    }
}
