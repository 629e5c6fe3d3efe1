package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What files of other years and other programs spell otherwise is the same model: the fixtures' numbers do not move. */
class ConfigSpellingTest {
    @TempDir
    private Path folder;

    private static final String[] SIMPLE_ROTARY = {
        "llama-tied", "mistral-window", "qwen2", "qwen3", "gemma2", "olmo2", "phi3"
    };

    static Stream<Arguments> spellings() {
        return Stream.of(rotary(), windows(), keys(), defaults(), tensors(), heads())
                .flatMap(stream -> stream);
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void theNumbersStay(String architecture, Consumer<SmallModel> change) {
        Backends.assume("cpu");
        SmallModel model = SmallModel.of(architecture);
        change.accept(model);
        Map<String, Float> differences = ReferenceComparison.differences(
                model.write(folder), ReferenceData.path("architectures/" + architecture), "cpu");
        assertThat(differences)
                .allSatisfy((name, difference) ->
                        assertThat(difference).as(name).isLessThanOrEqualTo(ReferenceComparison.BOUND));
    }

    private static Arguments spelled(String architecture, String what, Consumer<SmallModel> change) {
        return Arguments.of(architecture, Named.of(what, change));
    }

    private static Stream<Arguments> rotary() {
        Stream<Arguments> simple = Stream.of(SIMPLE_ROTARY)
                .map(each -> spelled(
                        each,
                        "rope_theta",
                        model -> model.set("rope_theta", base(model))
                                .set("rope_scaling", "null")
                                .without("rope_parameters")));
        String llama3 = "\"factor\":8.0,\"high_freq_factor\":4.0,\"low_freq_factor\":1.0";
        return Stream.concat(
                simple,
                Stream.of(
                        spelled(
                                "llama-rope3",
                                "rope_scaling with rope_type",
                                model -> model.without("rope_parameters")
                                        .set("rope_theta", "500000.0")
                                        .set("rope_scaling", oldScaling("rope_type", llama3))),
                        spelled(
                                "llama-rope3",
                                "rope_scaling with type",
                                model -> model.without("rope_parameters")
                                        .set("rope_theta", "500000")
                                        .set("rope_scaling", oldScaling("type", llama3))),
                        spelled(
                                "llama-tied",
                                "rope_parameters with type",
                                model -> model.set("rope_parameters", "{\"rope_theta\":100000,\"type\":\"default\"}")),
                        spelled(
                                "llama-tied",
                                "rope_parameters without a base",
                                model -> model.set("rope_theta", "1e5")
                                        .set("rope_parameters", "{\"rope_type\":\"default\"}")),
                        spelled(
                                "gpt-neox",
                                "rotary_pct and rotary_emb_base",
                                model -> model.without("rope_parameters")
                                        .set("rotary_pct", "0.25")
                                        .set("rotary_emb_base", "10000")),
                        spelled(
                                "phi3",
                                "partial_rotary_factor outside",
                                model -> model.without("rope_parameters").set("partial_rotary_factor", "1.0")),
                        spelled(
                                "gemma3",
                                "two bases",
                                model -> model.without("rope_parameters")
                                        .set("rope_theta", "1000000.0")
                                        .set("rope_local_base_freq", "10000.0")
                                        .set("rope_scaling", "null"))));
    }

    private static String oldScaling(String type, String rest) {
        return "{\"%s\":\"llama3\",%s,\"original_max_position_embeddings\":16}".formatted(type, rest);
    }

    private static String base(SmallModel model) {
        return model.config().path("rope_parameters").path("rope_theta").asText();
    }

    private static Stream<Arguments> windows() {
        return Stream.of(
                spelled("gemma2", "no layer_types", model -> model.without("layer_types")),
                spelled(
                        "gemma3",
                        "sliding_window_pattern",
                        model -> model.without("layer_types", "_sliding_window_pattern")
                                .set("sliding_window_pattern", "3")),
                spelled(
                        "qwen2",
                        "a window that is not in use",
                        model -> model.without("layer_types")
                                .set("sliding_window", "2")
                                .set("max_window_layers", "1")),
                spelled(
                        "qwen3",
                        "a window that begins after the last layer",
                        model -> model.without("layer_types")
                                .set("use_sliding_window", "true")
                                .set("sliding_window", "2")),
                spelled(
                        "qwen2",
                        "layer_types of which none has a window",
                        model -> model.set("use_sliding_window", "true")
                                .set("sliding_window", "2")
                                .set("max_window_layers", "0")),
                spelled(
                        "mistral-window",
                        "layer_types",
                        model -> model.set(
                                "layer_types", "[\"sliding_attention\",\"sliding_attention\",\"sliding_attention\"]")),
                spelled("phi3", "a window that is wider than the text", model -> model.set("sliding_window", "2047")));
    }

    private static Stream<Arguments> keys() {
        return Stream.of(
                spelled(
                        "llama-tied",
                        "torch_dtype",
                        model -> model.without("dtype").set("torch_dtype", "\"bfloat16\"")),
                spelled("llama-tied", "head_dim null", model -> model.set("head_dim", "null")),
                spelled("llama-tied", "several tokens that end", model -> model.set("eos_token_id", "[2, 95, 96]")),
                spelled(
                        "llama-tied",
                        "keys nobody knows",
                        model -> model.set("quantization_config", "null").set("pretraining_tp", "1")),
                spelled("llama-tied", "another name of the activation", model -> model.set("hidden_act", "\"swish\"")),
                spelled("gpt2", "n_ctx", model -> model.without("n_positions").set("n_ctx", "64")),
                spelled("gpt2", "n_inner", model -> model.set("n_inner", "128")),
                spelled(
                        "gpt2",
                        "another name of the activation",
                        model -> model.set("activation_function", "\"gelu_pytorch_tanh\"")),
                spelled("gemma3", "text_config", ConfigSpellingTest::nested),
                spelled(
                        "gemma3",
                        "a cap of scores, which the library does not use",
                        model -> model.set("attn_logit_softcapping", "50.0")));
    }

    private static void nested(SmallModel model) {
        var text = model.config().deepCopy();
        model.config().removeAll();
        model.set("model_type", "\"gemma3\"").set("vision_config", "{\"hidden_size\": 4}");
        model.config().set("text_config", text);
    }

    /** Keys that say what the class of the family says anyway. */
    private static Stream<Arguments> defaults() {
        return Stream.of(
                spelled(
                        "llama-tied",
                        "no head_dim, eps and biases",
                        model -> model.without("head_dim", "rms_norm_eps", "attention_bias", "mlp_bias", "hidden_act")),
                spelled(
                        "mistral-window",
                        "no head_dim, eps and activation",
                        model -> model.without(
                                "head_dim", "rms_norm_eps", "hidden_act", "rope_parameters", "tie_word_embeddings")),
                spelled(
                        "qwen2",
                        "no eps, window and tie",
                        model -> model.without(
                                "rms_norm_eps",
                                "sliding_window",
                                "use_sliding_window",
                                "max_window_layers",
                                "layer_types",
                                "rope_parameters",
                                "tie_word_embeddings")),
                spelled("qwen3", "no eps and base", model -> model.without("rms_norm_eps", "rope_parameters")),
                spelled(
                        "gemma2",
                        "no tie, eps, activation",
                        model -> model.without(
                                "tie_word_embeddings", "rms_norm_eps", "hidden_activation", "rope_parameters")),
                spelled(
                        "gemma3",
                        "no tie, eps, activation, bases",
                        model -> model.without(
                                "tie_word_embeddings", "rms_norm_eps", "hidden_activation", "rope_parameters")),
                spelled(
                        "phi3",
                        "no eps, base, activation",
                        model -> model.without("rms_norm_eps", "rope_parameters", "hidden_act", "sliding_window")),
                spelled(
                        "olmo2",
                        "no eps, base, activation",
                        model -> model.without("rms_norm_eps", "rope_parameters", "hidden_act")),
                spelled(
                        "gpt-neox",
                        "no eps, share, bias",
                        model -> model.without(
                                "layer_norm_eps",
                                "rope_parameters",
                                "attention_bias",
                                "use_parallel_residual",
                                "hidden_act")),
                spelled(
                        "gpt2",
                        "no eps, activation, tie",
                        model -> model.without(
                                "layer_norm_epsilon",
                                "activation_function",
                                "tie_word_embeddings",
                                "n_inner",
                                "scale_attn_weights")),
                spelled(
                        "bert",
                        "no eps and activation",
                        model -> model.without("layer_norm_eps", "hidden_act", "position_embedding_type")));
    }

    private static Stream<Arguments> tensors() {
        return Stream.of(
                spelled("llama-tied", "no model. in front", model -> model.renamed(name -> name.replace("model.", ""))),
                spelled(
                        "gpt2",
                        "no transformer. in front",
                        model -> model.renamed(name -> name.replace("transformer.", ""))),
                spelled(
                        "gpt2",
                        "mask buffers",
                        model -> model.put("transformer.h.0.attn.bias", new float[4], 1, 1, 2, 2)
                                .put("transformer.h.0.attn.masked_bias", new float[1], 1)),
                spelled(
                        "gpt-neox",
                        "no gpt_neox. in front",
                        model -> model.renamed(name -> name.replace("gpt_neox.", ""))),
                spelled("bert", "bert. in front", model -> model.renamed(name -> "bert." + name)),
                spelled(
                        "bert",
                        "gamma and beta",
                        model -> model.renamed(name -> name.contains("LayerNorm")
                                ? name.replace(".weight", ".gamma").replace(".bias", ".beta")
                                : name)),
                spelled("gemma3", "language_model.model.", model -> model.renamed(name -> "language_model." + name)),
                spelled(
                        "gemma3",
                        "model.language_model.",
                        model -> model.renamed(name -> name.replace("model.", "model.language_model."))
                                .put("model.vision_tower.patch.weight", new float[4], 2, 2)));
    }

    private static Stream<Arguments> heads() {
        return Stream.of(
                spelled("llama-tied", "an unembedding although it is tied", ConfigSpellingTest::misleadingHead),
                spelled("gemma2", "an unembedding although it is tied", ConfigSpellingTest::misleadingHead),
                spelled("llama-tied", "the embedding a second time", model -> {
                    var embedding = model.tensors().get("model.embed_tokens.weight");
                    model.set("tie_word_embeddings", "false")
                            .put("lm_head.weight", embedding.values(), embedding.shape());
                }),
                spelled("gpt2", "the embedding a second time", model -> {
                    var embedding = model.tensors().get("transformer.wte.weight");
                    model.set("tie_word_embeddings", "false")
                            .put("lm_head.weight", embedding.values(), embedding.shape());
                }));
    }

    private static void misleadingHead(SmallModel model) {
        model.put("lm_head.weight", new float[97 * 32], 97, 32);
    }
}
