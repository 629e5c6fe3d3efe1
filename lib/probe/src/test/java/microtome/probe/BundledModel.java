package microtome.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** The real model, loaded once for all tests; skips a test, with the reason, where it is not unpacked. */
public final class BundledModel {
    private static final String NAME = "smollm2-135m-instruct";

    private static LanguageModel loaded;

    private BundledModel() {}

    public static synchronized LanguageModel get() {
        var store = ModelStore.standard();
        assumeTrue(store.names().contains(NAME), "the bundled model is not unpacked; run environment/run once");
        if (loaded == null) {
            loaded = LanguageModel.load(store.resolve(NAME), LoadOptions.DEFAULT);
        }
        return loaded;
    }

    /** The tokens of one of the golden prompts: capital, paragraph, code or unicode. */
    public static TokenSequence tokens(String prompt) {
        return get().tokenizer().encode(Goldens.at("lens", prompt, "text").textValue());
    }
}
