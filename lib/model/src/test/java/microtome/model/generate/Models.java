package microtome.model.generate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import microtome.model.BundledModelFile;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;

/** Models for these tests; a test is skipped where its backend or its model is missing. */
final class Models {
    static final String TINY = "/microtome/model/architectures/llama-tied";

    private Models() {}

    /** A random Llama of 3 blocks, 97 tokens and a context of 64, without a tokenizer. */
    static LanguageModel tiny(String backend) {
        return random(TINY, backend);
    }

    /** A random model of one of the reference folders. */
    static LanguageModel random(String resource, String backend) {
        boolean there =
                Engine.availability().stream().anyMatch(found -> found.backend().equals(backend) && found.available());
        assumeTrue(there, () -> "backend " + backend + " is missing");
        return LanguageModel.load(
                ModelStore.standard().resolve(folder(resource).toString()), LoadOptions.DEFAULT.backend(backend));
    }

    static Path folder(String resource) {
        try {
            return Path.of(Models.class.getResource(resource).toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The bundled model. */
    static LanguageModel bundled() {
        return LanguageModel.load(
                ModelStore.standard().resolve(BundledModelFile.required().toString()), LoadOptions.DEFAULT);
    }

    static TokenSequence ids(int... ids) {
        return TokenSequence.ofIds(ids);
    }
}
