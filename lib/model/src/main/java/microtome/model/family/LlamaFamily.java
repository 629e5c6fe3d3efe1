package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_NORM;
import static microtome.model.config.Role.ATTENTION_PROJECTION;
import static microtome.model.config.Role.DOWN;
import static microtome.model.config.Role.EMBEDDING;
import static microtome.model.config.Role.FINAL_NORM;
import static microtome.model.config.Role.GATE;
import static microtome.model.config.Role.HEAD;
import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.MLP_NORM;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.VALUE;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFile;

/** Llama, SmolLM2, TinyLlama. */
public final class LlamaFamily implements Family {
    private static final double DEFAULT_ROTARY_BASE = 10_000;
    private static final ValueLayout.OfFloat LITTLE_ENDIAN_FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String DIVISORS = "rope_freqs.weight";

    @Override
    public String name() {
        return "llama";
    }

    @Override
    public Map<Role, String> huggingFaceNames() {
        return Map.ofEntries(
                Map.entry(EMBEDDING, "model.embed_tokens.weight"),
                Map.entry(ATTENTION_NORM, "model.layers.{n}.input_layernorm.weight"),
                Map.entry(QUERY, "model.layers.{n}.self_attn.q_proj.weight"),
                Map.entry(KEY, "model.layers.{n}.self_attn.k_proj.weight"),
                Map.entry(VALUE, "model.layers.{n}.self_attn.v_proj.weight"),
                Map.entry(ATTENTION_PROJECTION, "model.layers.{n}.self_attn.o_proj.weight"),
                Map.entry(MLP_NORM, "model.layers.{n}.post_attention_layernorm.weight"),
                Map.entry(GATE, "model.layers.{n}.mlp.gate_proj.weight"),
                Map.entry(UP, "model.layers.{n}.mlp.up_proj.weight"),
                Map.entry(DOWN, "model.layers.{n}.mlp.down_proj.weight"),
                Map.entry(FINAL_NORM, "model.norm.weight"),
                Map.entry(HEAD, "lm_head.weight"));
    }

    @Override
    public Map<Role, String> ggufNames() {
        return Map.ofEntries(
                Map.entry(EMBEDDING, "token_embd.weight"),
                Map.entry(ATTENTION_NORM, "blk.{n}.attn_norm.weight"),
                Map.entry(QUERY, "blk.{n}.attn_q.weight"),
                Map.entry(KEY, "blk.{n}.attn_k.weight"),
                Map.entry(VALUE, "blk.{n}.attn_v.weight"),
                Map.entry(ATTENTION_PROJECTION, "blk.{n}.attn_output.weight"),
                Map.entry(MLP_NORM, "blk.{n}.ffn_norm.weight"),
                Map.entry(GATE, "blk.{n}.ffn_gate.weight"),
                Map.entry(UP, "blk.{n}.ffn_up.weight"),
                Map.entry(DOWN, "blk.{n}.ffn_down.weight"),
                Map.entry(FINAL_NORM, "output_norm.weight"),
                Map.entry(HEAD, "output.weight"));
    }

    @Override
    public boolean ggufPairsRotaryRows() {
        return true;
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        refuse(config, "attention_bias", "biases in attention");
        refuse(config, "mlp_bias", "biases in the MLP");
        int width = config.required("hidden_size");
        int heads = config.required("num_attention_heads");
        return new ModelConfig(
                name(),
                config.required("num_hidden_layers"),
                width,
                heads,
                config.number("num_key_value_heads", heads),
                config.required("intermediate_size"),
                config.required("vocab_size"),
                config.number("max_position_embeddings", 2048),
                (float) config.number("rms_norm_eps").orElse(1e-6),
                rotary(config, config.number("head_dim", width / heads)),
                config.flag("tie_word_embeddings").orElse(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        int width = metadata.required("llama.embedding_length");
        int heads = metadata.required("llama.attention.head_count");
        int headWidth = metadata.number("llama.attention.key_length", width / heads);
        double base = metadata.number("llama.rope.freq_base").orElse(DEFAULT_ROTARY_BASE);
        return new ModelConfig(
                name(),
                metadata.required("llama.block_count"),
                width,
                heads,
                metadata.number("llama.attention.head_count_kv", heads),
                metadata.required("llama.feed_forward_length"),
                metadata.number("llama.vocab_size", (int)
                        file.tensor(ggufNames().get(EMBEDDING)).shape().extent(0)),
                metadata.required("llama.context_length"),
                (float) metadata.number("llama.attention.layer_norm_rms_epsilon")
                        .orElse(1e-6),
                new RotaryEmbedding(base, headWidth, ggufScaling(metadata, file)),
                !file.has(ggufNames().get(HEAD)));
    }

    /** Reads both spellings: {@code rope_parameters} of newer files, {@code rope_theta} and {@code rope_scaling} of older. */
    private static RotaryEmbedding rotary(Settings config, int headWidth) {
        boolean nested = config.text("rope_parameters.rope_type").isPresent()
                || config.number("rope_parameters.rope_theta").isPresent();
        String prefix = nested ? "rope_parameters." : "rope_scaling.";
        double base = config.number(nested ? "rope_parameters.rope_theta" : "rope_theta")
                .orElse(config.number("rope_theta").orElse(DEFAULT_ROTARY_BASE));
        return new RotaryEmbedding(base, headWidth, scaling(config, prefix));
    }

    private static RotaryScaling scaling(Settings config, String prefix) {
        String type = config.text(prefix + "rope_type")
                .or(() -> config.text(prefix + "type"))
                .orElse("default");
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(factor(config, prefix + "factor"));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        factor(config, prefix + "factor"),
                        factor(config, prefix + "low_freq_factor"),
                        factor(config, prefix + "high_freq_factor"),
                        factor(config, prefix + "original_max_position_embeddings"));
            default -> throw unknownScaling(config, type);
        };
    }

    /** The converter writes no scaling type for the Llama 3 rule, but its divisors as a tensor. */
    private static RotaryScaling ggufScaling(Settings metadata, WeightFile file) {
        if (file.has(DIVISORS)) {
            return new RotaryScaling.Divisors(divisors(file.tensor(DIVISORS)));
        }
        String type = metadata.text("llama.rope.scaling.type").orElse("none");
        return switch (type) {
            case "none" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(factor(metadata, "llama.rope.scaling.factor"));
            default -> throw unknownScaling(metadata, type);
        };
    }

    private static float[] divisors(StoredTensor stored) {
        if (stored.storedType() != StoredType.F32) {
            throw new IllegalArgumentException(
                    "tensor %s is %s, expected F32".formatted(stored.name(), stored.storedType()));
        }
        var values = new float[(int) stored.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored.bytes().getAtIndex(LITTLE_ENDIAN_FLOAT, i);
        }
        return values;
    }

    private static double factor(Settings config, String key) {
        return config.number(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: rotary scaling needs the key '%s'".formatted(config.source(), key)));
    }

    private static IllegalArgumentException unknownScaling(Settings config, String type) {
        return new IllegalArgumentException(
                "%s: rotary scaling '%s' is not supported; known are default, linear, llama3"
                        .formatted(config.source(), type));
    }

    private static void refuse(Settings config, String key, String what) {
        if (config.flag(key).orElse(false)) {
            throw new IllegalArgumentException("%s: '%s' is true, but %s are not supported for this family yet"
                    .formatted(config.source(), key, what));
        }
    }
}
