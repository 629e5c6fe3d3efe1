package microtome.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import microtome.model.store.ModelStore;

/** all-MiniLM-L6-v2 for tests that need a real encoder; they are skipped where it is not. */
public final class MiniLmFolder {
    private static final String NAME = "minilm";

    private MiniLmFolder() {}

    /** The folder with its configuration, weights and tokenizer; skips the test when there is none. */
    public static Path required() {
        ModelStore store = ModelStore.standard();
        assumeTrue(
                store.names().contains(NAME),
                () -> NAME + " is in none of " + store.folders() + "; environment/verify java gets it");
        return store.resolve(NAME).weights().getParent();
    }
}
