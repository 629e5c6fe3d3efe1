package microtome.model.edit;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Availability;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Assumptions;

/** A random Llama of 3 blocks, width 32, 4 query heads that share 2 key/value heads, 97 tokens. */
final class SmallModel {
    static final TokenSequence TOKENS = TokenSequence.ofIds(5, 17, 96, 0, 42);
    static final TokenSequence OTHER = TokenSequence.ofIds(1, 2, 3, 4, 44);

    private SmallModel() {}

    static LanguageModel open(String backend) {
        return open(backend, "llama-tied");
    }

    /** A model of another family, as small. */
    static LanguageModel open(String backend, String family) {
        Availability found = Engine.availability().stream()
                .filter(availability -> availability.backend().equals(backend))
                .findFirst()
                .orElseThrow();
        Assumptions.assumeTrue(found.available(), () -> "backend " + backend + " is missing: " + found.reason());
        return LanguageModel.load(ModelStore.standard().resolve(folder(family)), LoadOptions.DEFAULT.backend(backend));
    }

    private static String folder(String family) {
        try {
            return Path.of(SmallModel.class
                            .getResource("/microtome/model/architectures/" + family)
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The logits of all positions, with a tap before them. */
    static float[] logits(LanguageModel model, TokenSequence tokens, Tap tap) {
        var seen = new TreeMap<Site, Values>();
        model.run(List.of(tokens), Tap.all(List.of(tap, new Recorder(Site.logits()::equals, seen))));
        return seen.get(Site.logits()).array();
    }

    /** The logits of all positions, with edits. */
    static float[] logits(LanguageModel model, TokenSequence tokens, Edits edits) {
        return logits(model, tokens, edits.tap(model, List.of(tokens)));
    }

    /** Takes the unfused lane at these sites and changes nothing. */
    static Tap listening(List<Site> sites) {
        return new Recorder(sites::contains, new TreeMap<>());
    }
}
