package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import microtome.model.SmallModel.Numbers;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A family is one class that the {@link java.util.ServiceLoader} finds: here one that exists only in the tests. */
class ToyFamilyTest {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("model.embed_tokens.weight", "words"),
            Map.entry("input_layernorm.weight", "before_looking"),
            Map.entry("self_attn.q_norm.weight", "even_eyes"),
            Map.entry("self_attn.k_norm.weight", "even_ears"),
            Map.entry("self_attn.o_proj.weight", "tell"),
            Map.entry("post_attention_layernorm.weight", "before_thinking"),
            Map.entry("mlp.gate_proj.weight", "gate"),
            Map.entry("mlp.up_proj.weight", "up"),
            Map.entry("mlp.down_proj.weight", "down"),
            Map.entry("model.norm.weight", "roof"),
            Map.entry("lm_head.weight", "speak"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void oneClassAndItsNamesAreEnough(String backend) {
        Backends.assume(backend);
        Path toy = toy().write(folder);
        assertThat(ReferenceComparison.differences(toy, ReferenceData.path("architectures/qwen3"), backend))
                .allSatisfy((name, difference) ->
                        assertThat(difference).as(name).isLessThanOrEqualTo(ReferenceComparison.BOUND));
    }

    /** The fixture of Qwen 3 under the names of the toy. */
    private static SmallModel toy() {
        SmallModel qwen = SmallModel.of("qwen3");
        SmallModel toy = SmallModel.empty()
                .set("model_type", "\"toy\"")
                .set("floors", "3")
                .set("breadth", "32")
                .set("eyes", "4")
                .set("ears", "2")
                .set("sight", "16")
                .set("room", "56")
                .set("words", "97")
                .set("reach", "64")
                .set("turn", "10000");
        qwen.tensors().forEach((name, numbers) -> {
            if (!name.matches(".*[qkv]_proj.*")) {
                toy.put(renamed(name), numbers.values(), numbers.shape());
            }
        });
        for (int block = 0; block < 3; block++) {
            fuse(qwen, toy, block);
        }
        return toy;
    }

    private static String renamed(String name) {
        String within = name.replaceFirst("model\\.layers\\.\\d+\\.", "");
        String floor = within.equals(name) ? "" : "floor" + name.split("\\.")[2] + ".";
        return floor + NAMES.get(within);
    }

    private static void fuse(SmallModel qwen, SmallModel toy, int block) {
        var fused = new float[0];
        int width = 32;
        for (String part : new String[] {"q", "k", "v"}) {
            Numbers numbers = qwen.tensors().get("model.layers.%d.self_attn.%s_proj.weight".formatted(block, part));
            int from = fused.length;
            fused = Arrays.copyOf(fused, from + numbers.values().length);
            System.arraycopy(numbers.values(), 0, fused, from, numbers.values().length);
        }
        toy.put("floor%d.look".formatted(block), fused, fused.length / width, width);
    }
}
