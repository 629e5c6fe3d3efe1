package microtome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;

/** Models in memory, so that a cell that loads can be run again without a second copy of the weights. */
final class LoadedModels {
    private static final Map<Key, LanguageModel> LOADED = new HashMap<>();

    private record Key(Path weights, FileTime modified, LoadOptions options) {}

    private LoadedModels() {}

    static LanguageModel get(String nameOrPath, LoadOptions options) {
        ModelFiles files = ModelStore.standard().resolve(nameOrPath); // may download: others need not wait for it
        synchronized (LOADED) {
            return LOADED.computeIfAbsent(keyOf(files, options), key -> LanguageModel.load(files, options));
        }
    }

    private static Key keyOf(ModelFiles files, LoadOptions options) {
        try {
            return new Key(files.weights(), Files.getLastModifiedTime(files.weights()), options);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "model %s: cannot read %s".formatted(files.name(), files.weights()), unreadable);
        }
    }
}
