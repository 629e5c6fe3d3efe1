package microtome.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;

/** The bundled model for tests that need a real one; they are skipped where it is not. */
public final class BundledModelFile {
    private static final String NAME = "smollm2-135m-instruct";

    private BundledModelFile() {}

    /** Its weight file; skips the test when there is none. */
    public static Path required() {
        return files().weights();
    }

    /** All its files; skips the test when there are none. */
    static ModelFiles files() {
        ModelStore store = ModelStore.standard();
        assumeTrue(
                store.names().contains(NAME),
                () -> NAME + " is in none of " + store.folders() + "; environment/run gets it");
        return store.resolve(NAME);
    }
}
