package microtome.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;

/** A real encoder, all-MiniLM-L6-v2, loaded once for all tests; skips a test, with the reason, where it is not. */
public final class MiniLm {
    private static final String NAME = "minilm";

    private static LanguageModel loaded;

    private MiniLm() {}

    public static synchronized LanguageModel get() {
        var store = ModelStore.standard();
        assumeTrue(
                store.names().contains(NAME),
                () -> NAME + " is in none of " + store.folders() + "; environment/verify java gets it");
        if (loaded == null) {
            loaded = LanguageModel.load(store.resolve(NAME), LoadOptions.DEFAULT);
        }
        return loaded;
    }
}
