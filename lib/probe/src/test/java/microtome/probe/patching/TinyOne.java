package microtome.probe.patching;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.display.Json;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Shape;

/**
 * A random Llama of 2 blocks, width 8, 2 query heads that share one key/value head, 11 tokens. Its weights come from one stream
 * of SplitMix64 with seed 12345, drawn row by row, tensor by tensor, each {@code offset + scale * (2u - 1)}; so any program can
 * make the same model. The expected numbers in the tests were computed from it in float64 with NumPy.
 */
final class TinyOne {
    static final TokenSequence CLEAN = TokenSequence.ofIds(0, 3, 7, 1, 9, 4);
    static final TokenSequence CORRUPT = TokenSequence.ofIds(0, 5, 7, 1, 9, 4);
    static final int RIGHT = 9;
    static final int WRONG = 2;

    private long state = 12345;

    private TinyOne() {}

    static LanguageModel open(Path folder, String backend) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        new TinyOne().draw(weights, shapes);
        try (var writer = SafetensorsWriter.to(folder.resolve("model.safetensors"))) {
            shapes.forEach((name, shape) -> writer.declare(name, StoredType.F32, shape));
            weights.forEach(writer::write);
            writer.finish();
            Files.writeString(folder.resolve("config.json"), Json.write(config()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toString()), LoadOptions.DEFAULT.backend(backend));
    }

    private void draw(Map<String, float[]> weights, Map<String, Shape> shapes) {
        add(weights, shapes, "model.embed_tokens.weight", 1.0, 0, 11, 8);
        for (int layer = 0; layer < 2; layer++) {
            String block = "model.layers.%d.".formatted(layer);
            add(weights, shapes, block + "input_layernorm.weight", 0.1, 1, 8);
            add(weights, shapes, block + "self_attn.q_proj.weight", 0.6, 0, 8, 8);
            add(weights, shapes, block + "self_attn.k_proj.weight", 0.6, 0, 4, 8);
            add(weights, shapes, block + "self_attn.v_proj.weight", 0.6, 0, 4, 8);
            add(weights, shapes, block + "self_attn.o_proj.weight", 0.6, 0, 8, 8);
            add(weights, shapes, block + "post_attention_layernorm.weight", 0.1, 1, 8);
            add(weights, shapes, block + "mlp.gate_proj.weight", 0.6, 0, 12, 8);
            add(weights, shapes, block + "mlp.up_proj.weight", 0.6, 0, 12, 8);
            add(weights, shapes, block + "mlp.down_proj.weight", 0.6, 0, 8, 12);
        }
        add(weights, shapes, "model.norm.weight", 0.1, 1, 8);
        add(weights, shapes, "lm_head.weight", 1.0, 0, 11, 8);
    }

    private void add(
            Map<String, float[]> weights,
            Map<String, Shape> shapes,
            String name,
            double scale,
            double offset,
            long... extents) {
        Shape shape = Shape.of(extents);
        var values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * (2 * uniform() - 1));
        }
        weights.put(name, values);
        shapes.put(name, shape);
    }

    private double uniform() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    private static Map<String, Object> config() {
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("attention_bias", false);
        config.put("mlp_bias", false);
        config.put("hidden_act", "silu");
        config.put("hidden_size", 8);
        config.put("intermediate_size", 12);
        config.put("head_dim", 4);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 1);
        config.put("num_hidden_layers", 2);
        config.put("max_position_embeddings", 64);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("tie_word_embeddings", false);
        config.put("vocab_size", 11);
        return config;
    }
}
