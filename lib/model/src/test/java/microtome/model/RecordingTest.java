package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pass of which a tape keeps only the stream gives the same gradients, in less memory. */
class RecordingTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(new int[] {5, 17, 96, 0, 42, 8, 33, 7});

    private record Found(Map<Site, float[]> gradients, long keptBytes) {}

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void blocksThatAreComputedAgainGiveTheSameGradientsFromFewerBytes(String backend) {
        try (var model = open(backend)) {
            List<Site> sites = List.of(Site.residual(0), Site.residual(2));
            Found whole = gradients(model, sites, Recording.EVERY_VALUE);
            Found stream = gradients(model, sites, Recording.STREAM);
            for (Site site : sites) {
                assertThat(stream.gradients().get(site))
                        .as(site.name())
                        .isEqualTo(whole.gradients().get(site));
            }
            // A block keeps its norms, projections, rotations, mixture, gate and neurons: several streams.
            assertThat(stream.keptBytes()).isLessThan(whole.keptBytes() / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void gradientsOfWhatATapSeesInsideABlockAreThere(String backend) {
        try (var model = open(backend)) {
            List<Site> sites = List.of(Site.residual(0), Site.mlpActivation(1), Site.pattern(1));
            Found whole = gradients(model, sites, Recording.EVERY_VALUE);
            Found stream = gradients(model, sites, Recording.STREAM);
            for (Site site : sites) {
                assertThat(stream.gradients().get(site))
                        .as(site.name())
                        .isEqualTo(whole.gradients().get(site));
                assertThat(stream.gradients().get(site))
                        .as(site.name())
                        .isNotEqualTo(new float[stream.gradients().get(site).length]);
            }
        }
    }

    private static LanguageModel open(String backend) {
        Backends.assume(backend);
        String folder = ReferenceData.path("architectures/llama-tied").toString();
        return LanguageModel.load(ModelStore.standard().resolve(folder), LoadOptions.DEFAULT.backend(backend));
    }

    /** Of the sum of squares of the last logits. */
    private static Found gradients(LanguageModel model, List<Site> sites, Recording recording) {
        var engine = model.engine();
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            long before = engine.liveBytes();
            var seen = new HashMap<Site, Tensor>();
            model.run(List.of(TOKENS), tap(sites, seen), recording);
            long kept = engine.liveBytes() - before;
            List<Tensor> found = tape.gradients(
                    seen.get(Site.logits()), sites.stream().map(seen::get).toList());
            var gradients = new HashMap<Site, float[]>();
            for (int i = 0; i < sites.size(); i++) {
                gradients.put(sites.get(i), found.get(i).toFloats());
            }
            return new Found(gradients, kept);
        }
    }

    private static Tap tap(List<Site> sites, Map<Site, Tensor> seen) {
        return new Tap() {
            @Override
            public boolean wants(Site site) {
                return sites.contains(site) || site.equals(Site.logits());
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                if (site.equals(Site.logits())) {
                    Tensor last =
                            value.slice(1, value.extent(1) - 1, value.extent(1)).reshape(-1);
                    seen.put(site, last.times(last).sum(0));
                } else {
                    seen.put(site, value);
                }
                return value;
            }
        };
    }
}
