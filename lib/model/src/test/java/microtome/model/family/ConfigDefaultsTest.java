package microtome.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import microtome.model.config.Dimensions;
import microtome.model.config.HeadRule;
import microtome.model.config.ModelConfig;
import microtome.model.config.Positions;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;
import org.junit.jupiter.api.Test;

/** What a configuration means that does not say everything; the classes of the Hugging Face library, 5.23, say the rest. */
class ConfigDefaultsTest {
    private static final String SIZES = "\"hidden_size\":64,\"num_attention_heads\":4,\"num_hidden_layers\":4,"
            + "\"intermediate_size\":96,\"vocab_size\":100";

    private static ModelConfig config(String family, String keys) {
        try {
            String json = "{%s}".formatted(keys);
            return Families.named(family, "test")
                    .fromHuggingFace(new JsonSettings(new JsonMapper().readTree(json), "test"));
        } catch (JsonProcessingException broken) {
            throw new AssertionError(broken);
        }
    }

    private static ModelConfig sized(String family, String more) {
        return config(family, SIZES + (more.isEmpty() ? "" : "," + more));
    }

    /** The text part of the 4B model's file has no more than this. */
    @Test
    void theTextPartOfGemma3SaysOnlyWhatIsNotUsual() {
        ModelConfig gemma = config(
                "gemma3",
                "\"model_type\":\"gemma3\",\"text_config\":{\"hidden_size\":2560,\"intermediate_size\":10240,"
                        + "\"model_type\":\"gemma3_text\",\"num_hidden_layers\":34,"
                        + "\"rope_scaling\":{\"factor\":8.0,\"rope_type\":\"linear\"},\"sliding_window\":1024}");
        assertThat(gemma.dimensions()).isEqualTo(new Dimensions(34, 2560, 8, 4, 256, 10240, 262_208, 131_072));
        assertThat(gemma.attention().windows().subList(0, 7)).containsExactly(1024, 1024, 1024, 1024, 1024, 0, 1024);
        assertThat(gemma.attention().scoreScales()).containsOnly(1 / 16f);
        List<RotaryEmbedding> rotations = ((Positions.Rotary) gemma.positions()).byBlock();
        assertThat(rotations.get(0)).isEqualTo(new RotaryEmbedding(10_000, 256, new RotaryScaling.None()));
        assertThat(rotations.get(5)).isEqualTo(new RotaryEmbedding(1_000_000, 256, new RotaryScaling.Linear(8)));
        assertThat(gemma.tiedHead()).isTrue();
        assertThat(gemma.logitCap()).isZero();
    }

    @Test
    void aCapThatIsMissingIsUsualAndOneThatIsNullIsNone() {
        assertThat(sized("gemma2", "").attention().softCap()).isEqualTo(50);
        assertThat(sized("gemma2", "").head()).isEqualTo(new HeadRule.Unembedding(true, 30));
        ModelConfig uncapped = sized("gemma2", "\"attn_logit_softcapping\":null,\"final_logit_softcapping\":null");
        assertThat(uncapped.attention().softCap()).isZero();
        assertThat(uncapped.logitCap()).isZero();
    }

    @Test
    void aNumberOfKeyHeadsThatIsMissingIsTheFamilysAndOneThatIsNullIsThatOfTheQueries() {
        assertThat(sized("llama", "").keyValueHeads()).isEqualTo(4);
        assertThat(sized("gemma2", "").keyValueHeads()).isEqualTo(4);
        for (String family : List.of("llama", "mistral", "qwen2", "qwen3", "phi3", "olmo2")) {
            assertThat(sized(family, "\"num_key_value_heads\":null").keyValueHeads())
                    .as(family)
                    .isEqualTo(4);
        }
    }

    @Test
    void aWidthOfHeadsThatIsMissingIsTheFamilysOrAnEvenShare() {
        assertThat(sized("llama", "").headWidth()).isEqualTo(16);
        assertThat(sized("llama", "\"head_dim\":null").headWidth()).isEqualTo(16);
        assertThat(sized("qwen3", "\"num_key_value_heads\":2").headWidth()).isEqualTo(128);
        assertThat(sized("gemma3_text", "").headWidth()).isEqualTo(256);
    }

    @Test
    void aWindowThatIsMissingIsTheFamilysAndOneThatIsNullIsNone() {
        String keys = "\"num_key_value_heads\":4";
        assertThat(sized("mistral", keys).attention().windows()).containsOnly(4096);
        assertThat(sized("mistral", keys + ",\"sliding_window\":null")
                        .attention()
                        .windows())
                .containsOnly(0);
        assertThat(sized("phi3", keys).attention().windows()).containsOnly(0);
        assertThat(sized("gemma2", keys).attention().windows()).containsExactly(4096, 0, 4096, 0);
        String used = keys + ",\"use_sliding_window\":true,\"sliding_window\":8";
        assertThat(sized("qwen2", used).attention().windows()).containsOnly(0); // from layer 28 on
        assertThat(sized("qwen2", used + ",\"max_window_layers\":1").attention().windows())
                .containsExactly(0, 8, 8, 8);
    }

    @Test
    void headsAreTiedWhereTheFamilyTiesThem() {
        String keys = "\"num_key_value_heads\":4";
        for (String family : List.of("llama", "mistral", "qwen2", "qwen3", "phi3", "olmo2", "gpt_neox")) {
            assertThat(sized(family, keys).tiedHead()).as(family).isFalse();
        }
        assertThat(sized("gemma2", keys).tiedHead()).isTrue();
        assertThat(sized("gemma3_text", keys).tiedHead()).isTrue();
        assertThat(config("gpt2", "\"n_embd\":64,\"n_head\":4,\"n_layer\":2,\"vocab_size\":9")
                        .tiedHead())
                .isTrue();
    }

    @Test
    void aContextReachesAsFarAsItsRotationIsStretched() {
        String context = "\"max_position_embeddings\":32768";
        assertThat(sized("llama", context).context()).isEqualTo(32_768);
        assertThat(sized("llama", context + ",\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2.0}")
                        .context())
                .isEqualTo(65_536);
        String yarn = "\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4.0,\"original_max_position_embeddings\":32768}";
        assertThat(sized("qwen2", context + ",\"num_key_value_heads\":2," + yarn)
                        .context())
                .isEqualTo(131_072);
    }
}
