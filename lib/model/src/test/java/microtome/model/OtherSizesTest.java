package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import microtome.model.config.ModelConfig;
import microtome.model.store.ModelStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of the same families with other sizes, settings, stored types and stretched rotations. */
class OtherSizesTest {
    private static final List<String> FOLDERS = List.of(
            "bert-relu",
            "gemma2-uncapped",
            "gemma3-linear",
            "gpt-neox-serial",
            "gpt2-by-layer",
            "llama-dynamic-shards",
            "mistral-wide-heads",
            "olmo2-tied",
            "phi3-longrope",
            "qwen2-window-yarn",
            "qwen3-bias");

    @TempDir
    private Path folder;

    static Stream<Arguments> onEveryBackend() {
        return FOLDERS.stream()
                .flatMap(each -> Stream.of("reference", "cpu").map(backend -> Arguments.of(each, backend)));
    }

    @ParameterizedTest
    @MethodSource("onEveryBackend")
    void everyTensorAgreesWithTheReference(String name, String backend) {
        Backends.assume(backend);
        assertNear(ReferenceComparison.differences(path(name), backend));
    }

    /** Those whose settings the converter has keys for. */
    @ParameterizedTest
    @ValueSource(strings = {"gemma3-linear", "gpt-neox-serial", "olmo2-tied", "phi3-longrope", "qwen3-bias"})
    void everyTensorAgreesFromGguf(String name) {
        Backends.assume("cpu");
        Path converted = GgufConverter.write(SmallModel.in(path(name)), folder);
        assertNear(ReferenceComparison.differences(converted, path(name), "cpu"));
    }

    /** What newer files say in {@code rope_parameters}, in the keys of older ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {"llama-dynamic-shards", "qwen2-window-yarn", "phi3-longrope", "gpt-neox-serial", "gemma3-linear"
            })
    void stretchedRotationsMayBeSpelledAsBefore(String name) {
        Backends.assume("cpu");
        SmallModel model = SmallModel.in(path(name));
        ObjectNode config = model.config();
        JsonNode newer = config.remove("rope_parameters");
        JsonNode local = newer.path("sliding_attention").path("rope_theta");
        if (local.isNumber()) {
            config.set("rope_local_base_freq", local);
            newer = newer.path("full_attention");
        }
        ObjectNode scaling = newer.deepCopy();
        config.set(name.startsWith("gpt-neox") ? "rotary_emb_base" : "rope_theta", scaling.remove("rope_theta"));
        JsonNode share = scaling.remove("partial_rotary_factor");
        if (share != null) {
            config.set(name.startsWith("gpt-neox") ? "rotary_pct" : "partial_rotary_factor", share);
        }
        scaling.set("type", scaling.remove("rope_type"));
        config.set("rope_scaling", scaling);
        assertNear(ReferenceComparison.differences(model.write(folder), path(name), "cpu"));
    }

    /** GGUF has no key for the windows of Qwen 2, so that only the rotation can be compared. */
    @Test
    void yarnIsTheSameFromGguf() {
        Path converted = GgufConverter.write(SmallModel.in(path("qwen2-window-yarn")), folder);
        assertThat(config(converted).positions())
                .isEqualTo(config(path("qwen2-window-yarn")).positions());
    }

    private static ModelConfig config(Path model) {
        var files = ModelStore.standard().resolve(model.toString());
        try (var loaded = LanguageModel.load(files, LoadOptions.DEFAULT.backend("reference"))) {
            return loaded.config();
        }
    }

    private static Path path(String name) {
        return ReferenceData.path("other-sizes/" + name);
    }

    private static void assertNear(Map<String, Float> differences) {
        assertThat(differences)
                .allSatisfy((name, difference) ->
                        assertThat(difference).as(name).isLessThanOrEqualTo(ReferenceComparison.BOUND));
    }
}
