package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny random models written by another program: every tensor within 2e-5, as their page demands. */
class ArchitectureReferenceTest {
    private static final float BOUND = 2e-5f;

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#onEveryBackend")
    void everyTensorAgreesWithTheReference(String folder, String backend) {
        Backends.assume(backend);
        String resource = "architectures/" + folder;
        var files = ModelStore.standard().resolve(ReferenceData.path(resource).toString());
        try (var expected = ReferenceData.open(resource + "/expected.safetensors");
                var model = LanguageModel.load(files, LoadOptions.DEFAULT.backend(backend))) {
            List<TokenSequence> sequences = sequences(expected);
            int blocks = model.config().blocks();
            try (var scope = model.engine().openScope()) {
                List<Site> wanted =
                        wanted(blocks).stream().filter(model.sites()::contains).toList();
                var harvest = new Harvest(scope, wanted);
                model.run(sequences, harvest);
                for (int depth = 0; depth < blocks; depth++) {
                    assertNear(expected, "hidden_states." + depth, harvest.get(Site.residual(depth)));
                    assertNear(expected, "attentions." + depth, harvest.get(Site.pattern(depth)));
                }
                Site last = model.config().hasLogits() ? Site.finalNorm() : Site.residual(blocks);
                assertNear(expected, "hidden_states." + blocks, harvest.get(last));
                if (model.config().hasLogits()) {
                    assertNear(expected, "logits", harvest.get(Site.logits()));
                }
            }
            assertThat(model.config().hasLogits()).isEqualTo(expected.has("greedy"));
            if (expected.has("greedy")) {
                assertThat(model.greedy(sequences.getFirst(), 6)).isEqualTo(expected.ints("greedy"));
            }
        }
    }

    private static List<TokenSequence> sequences(ReferenceData expected) {
        int[] ids = expected.ints("input_ids");
        int positions = (int) expected.shape("input_ids").extent(1);
        var sequences = new ArrayList<TokenSequence>();
        for (int from = 0; from < ids.length; from += positions) {
            sequences.add(TokenSequence.ofIds(java.util.Arrays.copyOfRange(ids, from, from + positions)));
        }
        return sequences;
    }

    private static List<Site> wanted(int blocks) {
        var sites = new ArrayList<Site>(List.of(Site.finalNorm(), Site.logits(), Site.residual(blocks)));
        for (int block = 0; block < blocks; block++) {
            sites.add(Site.residual(block));
            sites.add(Site.pattern(block));
        }
        return sites;
    }

    private static void assertNear(ReferenceData expected, String name, Tensor actual) {
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape(name));
        float[] theirs = expected.floats(name);
        float[] ours = actual.toFloats();
        float largest = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
        }
        assertThat(largest).as(name).isLessThanOrEqualTo(BOUND);
    }
}
