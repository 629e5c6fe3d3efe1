package microtome.model.format;

import java.nio.file.Path;
import java.util.Collection;

/** The error for a tensor that a file does not have. */
final class TensorNames {
    private TensorNames() {}

    static IllegalArgumentException missing(Path path, String name, Collection<String> known) {
        return new IllegalArgumentException("%s has no tensor '%s' among its %d; %s"
                .formatted(path, name, known.size(), Nearest.clause(name, known)));
    }
}
