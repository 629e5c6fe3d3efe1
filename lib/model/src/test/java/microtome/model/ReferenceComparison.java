package microtome.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/** A model beside the values that another program computed with it: streams, patterns, logits and greedy tokens. */
final class ReferenceComparison {
    static final float BOUND = 2e-5f;

    private ReferenceComparison() {}

    /** The largest absolute difference of every tensor, for the model in the folder of the values. */
    static Map<String, Float> differences(Path folder, String backend) {
        return differences(folder, folder, backend);
    }

    /** The same for a model that lies elsewhere, in whatever form. */
    static Map<String, Float> differences(Path modelFiles, Path expectedFolder, String backend) {
        var files = ModelStore.standard().resolve(modelFiles.toString());
        try (var expected = ReferenceData.open(expectedFolder.resolve("expected.safetensors"));
                var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend(backend))) {
            return differences(model, expected);
        }
    }

    static Map<String, Float> differences(LanguageModel model, ReferenceData expected) {
        var differences = new LinkedHashMap<String, Float>();
        List<TokenSequence> sequences = sequences(expected);
        int blocks = model.config().blocks();
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, wanted(model));
            model.run(sequences, harvest);
            for (int depth = 0; depth < blocks; depth++) {
                compare(differences, expected, "hidden_states." + depth, harvest.get(Site.residual(depth)));
                compare(differences, expected, "attentions." + depth, harvest.get(Site.pattern(depth)));
            }
            Site last = model.config().hasLogits() ? Site.finalNorm() : Site.residual(blocks);
            compare(differences, expected, "hidden_states." + blocks, harvest.get(last));
            if (model.config().hasLogits()) {
                compare(differences, expected, "logits", harvest.get(Site.logits()));
            }
        }
        if (expected.has("greedy") != model.config().hasLogits()) {
            throw new AssertionError("the reference and the model do not both give logits");
        }
        if (expected.has("greedy")) {
            int[] greedy = model.greedy(sequences.getFirst(), 6);
            differences.put("greedy", Arrays.equals(greedy, expected.ints("greedy")) ? 0f : Float.POSITIVE_INFINITY);
        }
        return differences;
    }

    static List<TokenSequence> sequences(ReferenceData expected) {
        int[] ids = expected.ints("input_ids");
        int positions = (int) expected.shape("input_ids").extent(1);
        var sequences = new ArrayList<TokenSequence>();
        for (int from = 0; from < ids.length; from += positions) {
            sequences.add(TokenSequence.ofIds(Arrays.copyOfRange(ids, from, from + positions)));
        }
        return sequences;
    }

    private static List<Site> wanted(LanguageModel model) {
        int blocks = model.config().blocks();
        var sites = new ArrayList<Site>(List.of(Site.finalNorm(), Site.logits(), Site.residual(blocks)));
        for (int block = 0; block < blocks; block++) {
            sites.add(Site.residual(block));
            sites.add(Site.pattern(block));
        }
        return sites.stream().filter(model.sites()::contains).toList();
    }

    private static void compare(Map<String, Float> differences, ReferenceData expected, String name, Tensor actual) {
        if (!actual.shape().equals(expected.shape(name))) {
            throw new AssertionError(name + ": " + actual.shape() + " instead of " + expected.shape(name));
        }
        float[] theirs = expected.floats(name);
        float[] ours = actual.toFloats();
        float largest = 0;
        for (int i = 0; i < ours.length; i++) {
            float difference = Math.abs(ours[i] - theirs[i]);
            largest = difference <= largest ? largest : difference; // NaN stays
        }
        differences.put(name, largest);
    }
}
