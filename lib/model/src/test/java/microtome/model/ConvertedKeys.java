package microtome.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;
import java.util.stream.StreamSupport;
import microtome.model.format.GgufBuilder;

/** The metadata that the converter of llama.cpp makes of a {@code config.json}. */
final class ConvertedKeys {
    private static final Map<String, String> ARCHITECTURES =
            Map.of("mistral", "llama", "gpt_neox", "gptneox", "gemma3_text", "gemma3");
    private static final int BOOL = 7;
    private static final String ORIGINAL = "original_max_position_embeddings";
    /** A key of tests: the pattern of windows is written as this period. */
    static final String PERIOD = "test_window_period";

    private ConvertedKeys() {}

    /** A value of the rotation of the layers that look at everything. */
    static JsonNode rope(JsonNode config, String key) {
        JsonNode parameters = config.path("rope_parameters");
        return parameters.path("full_attention").has(key)
                ? parameters.path("full_attention").get(key)
                : parameters.path(key);
    }

    static void write(GgufBuilder file, JsonNode config) {
        String type = config.path("model_type").asText();
        String architecture = ARCHITECTURES.getOrDefault(type, type);
        String prefix = architecture + ".";
        file.string("general.architecture", architecture);
        whole(file, prefix + "block_count", first(config, "num_hidden_layers", "n_layer"));
        whole(file, prefix + "context_length", first(config, "max_position_embeddings", "n_positions"));
        whole(file, prefix + "embedding_length", first(config, "hidden_size", "n_embd"));
        whole(file, prefix + "attention.head_count", first(config, "num_attention_heads", "n_head"));
        whole(file, prefix + "attention.head_count_kv", config.path("num_key_value_heads"));
        whole(file, prefix + "attention.key_length", config.path("head_dim"));
        whole(file, prefix + "attention.value_length", config.path("head_dim"));
        whole(file, prefix + "vocab_size", type.equals("gpt2") ? MissingNode.getInstance() : config.path("vocab_size"));
        whole(file, prefix + "attention.sliding_window", config.path("sliding_window"));
        int neurons = first(config, "intermediate_size", "n_inner")
                .asInt(4 * config.path("n_embd").asInt());
        file.u32(prefix + "feed_forward_length", neurons);
        fraction(file, prefix + "attention.layer_norm_rms_epsilon", config.path("rms_norm_eps"));
        fraction(file, prefix + "attention.layer_norm_epsilon", first(config, "layer_norm_eps", "layer_norm_epsilon"));
        fraction(file, prefix + "rope.freq_base", rope(config, "rope_theta"));
        fraction(file, prefix + "attn_logit_softcapping", config.path("attn_logit_softcapping"));
        fraction(file, prefix + "final_logit_softcapping", config.path("final_logit_softcapping"));
        JsonNode local =
                config.path("rope_parameters").path("sliding_attention").path("rope_theta");
        fraction(file, prefix + "rope.freq_base_swa", local);
        special(file, prefix, config);
    }

    private static void special(GgufBuilder file, String prefix, JsonNode config) {
        JsonNode scalar = config.path("query_pre_attn_scalar");
        if (scalar.isNumber()) {
            file.f32(prefix + "attention.scale", (float) (1 / Math.sqrt(scalar.asDouble())));
        }
        JsonNode share = rope(config, "partial_rotary_factor");
        if (share.isNumber()) {
            int headWidth = config.path("hidden_size").asInt()
                    / config.path("num_attention_heads").asInt();
            file.u32(prefix + "rope.dimension_count", (int) (share.asDouble() * headWidth));
        }
        if (config.has("use_parallel_residual")) {
            file.bool(
                    prefix + "use_parallel_residual",
                    config.path("use_parallel_residual").asBoolean() ? 1 : 0);
        }
        scaling(file, prefix, config);
        if (prefix.equals("gemma3.")) {
            windows(file, prefix + "attention.sliding_window_pattern", config);
        }
    }

    /** The rule of Llama 3 is written as a tensor, that of Phi-3 as tensors with these two keys. */
    private static void scaling(GgufBuilder file, String prefix, JsonNode config) {
        String type = rope(config, "rope_type").asText();
        JsonNode original = config.has(ORIGINAL) ? config.path(ORIGINAL) : rope(config, ORIGINAL);
        if (type.equals("linear") || type.equals("yarn")) {
            file.string(prefix + "rope.scaling.type", type);
            fraction(file, prefix + "rope.scaling.factor", rope(config, "factor"));
            whole(file, prefix + "rope.scaling.original_context_length", original);
        }
        if (type.equals("longrope")) {
            double factor = config.path("max_position_embeddings").asDouble() / original.asDouble();
            double amplitude = Math.sqrt(1 + Math.log(factor) / Math.log(original.asDouble()));
            file.f32(prefix + "rope.scaling.attn_factor", (float) amplitude);
            whole(file, prefix + "rope.scaling.original_context_length", original);
        }
    }

    private static void windows(GgufBuilder file, String key, JsonNode config) {
        JsonNode period = config.path(PERIOD);
        if (period.isNumber()) {
            file.u32(key, period.asInt());
            return;
        }
        JsonNode layers = config.path("layer_types");
        file.array(key, BOOL, layers.size());
        StreamSupport.stream(layers.spliterator(), false)
                .map(layer -> new byte[] {(byte) (layer.asText().equals("sliding_attention") ? 1 : 0)})
                .forEach(file::raw);
    }

    private static JsonNode first(JsonNode config, String key, String otherwise) {
        return config.has(key) ? config.get(key) : config.path(otherwise);
    }

    private static void whole(GgufBuilder file, String key, JsonNode value) {
        if (value.isNumber()) {
            file.u32(key, value.asInt());
        }
    }

    private static void fraction(GgufBuilder file, String key, JsonNode value) {
        if (value.isNumber()) {
            file.f32(key, value.floatValue());
        }
    }
}
