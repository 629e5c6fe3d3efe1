package microtome;

import microtome.model.LanguageModel;
import microtome.model.LoadOptions;

/** Where every notebook starts. */
public final class Microtome {
    private Microtome() {}

    /**
     * The model of this name, file or folder, or {@code hf:org/name[/file][@revision]} of the Hugging Face hub, in F32 on
     * the best device here. Loading the same unchanged file again gives the model that is already in memory.
     *
     * @throws IllegalArgumentException if there is no such model; the message lists the nearest names
     * @throws microtome.model.store.hub.HubProblem if the hub does not give it; the message says what to do
     */
    public static Model load(String nameOrPath) {
        return load(nameOrPath, LoadOptions.DEFAULT);
    }

    /** The model of this name, with a chosen backend, precision or form of the weights. */
    public static Model load(String nameOrPath, LoadOptions options) {
        return new Model(LoadedModels.get(nameOrPath, options));
    }

    /** Two models beside each other; nothing is computed yet. */
    public static TwoModels between(Model first, Model second) {
        return new TwoModels(first.languageModel(), second.languageModel());
    }

    /** The version of the library. */
    public static String version() {
        return LanguageModel.libraryVersion();
    }
}
