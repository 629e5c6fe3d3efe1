package microtome.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import microtome.display.Json;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.store.ModelStore;
import microtome.tensor.Shape;

/**
 * A random Llama that reads text: 2 blocks, width 8, a token for each small letter, for the blank and for a few syllables, which
 * its tokenizer joins. The embedding of {@code #} has a NaN.
 */
public final class LetterModel {
    /** The tokens, by id; a blank is written as byte-level tokenizers do. */
    private static final List<String> TOKENS = tokens();

    private static final int WIDTH = 8;

    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(12345);

    private LetterModel() {}

    /** Writes the model into an empty folder and loads it. */
    public static LanguageModel open(Path folder, String backend) {
        var model = new LetterModel();
        model.draw();
        try (var writer = SafetensorsWriter.to(folder.resolve("model.safetensors"))) {
            model.shapes.forEach((name, shape) -> writer.declare(name, StoredType.F32, shape));
            model.weights.forEach(writer::write);
            writer.finish();
            Files.writeString(folder.resolve("config.json"), Json.write(config()));
            Files.writeString(folder.resolve("tokenizer.json"), Json.write(tokenizer()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toString()), LoadOptions.DEFAULT.backend(backend));
    }

    private static List<String> tokens() {
        var tokens = new ArrayList<String>();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
        }
        tokens.addAll(List.of("Ġ", "#", "ca", "cat", "Ġb", "Ġba", "Ġbat"));
        return List.copyOf(tokens);
    }

    private void draw() {
        add("model.embed_tokens.weight", 1.0, 0, TOKENS.size(), WIDTH);
        float[] embedding = weights.get("model.embed_tokens.weight");
        embedding[TOKENS.indexOf("#") * WIDTH + 5] = Float.NaN;
        for (int layer = 0; layer < 2; layer++) {
            String block = "model.layers.%d.".formatted(layer);
            add(block + "input_layernorm.weight", 0.1, 1, WIDTH);
            add(block + "self_attn.q_proj.weight", 0.6, 0, WIDTH, WIDTH);
            add(block + "self_attn.k_proj.weight", 0.6, 0, 4, WIDTH);
            add(block + "self_attn.v_proj.weight", 0.6, 0, 4, WIDTH);
            add(block + "self_attn.o_proj.weight", 0.6, 0, WIDTH, WIDTH);
            add(block + "post_attention_layernorm.weight", 0.1, 1, WIDTH);
            add(block + "mlp.gate_proj.weight", 0.6, 0, 12, WIDTH);
            add(block + "mlp.up_proj.weight", 0.6, 0, 12, WIDTH);
            add(block + "mlp.down_proj.weight", 0.6, 0, WIDTH, 12);
        }
        add("model.norm.weight", 0.1, 1, WIDTH);
        add("lm_head.weight", 1.0, 0, TOKENS.size(), WIDTH);
    }

    private void add(String name, double scale, double offset, long... extents) {
        Shape shape = Shape.of(extents);
        var values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * (2 * random.nextDouble() - 1));
        }
        weights.put(name, values);
        shapes.put(name, shape);
    }

    private static Map<String, Object> tokenizer() {
        var ids = new LinkedHashMap<String, Object>();
        TOKENS.forEach(token -> ids.put(token, ids.size()));
        var byteLevel = Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false);
        return Map.of(
                "pre_tokenizer", byteLevel,
                "decoder", byteLevel,
                "model", Map.of("type", "BPE", "vocab", ids, "merges", List.of("c a", "ca t", "Ġ b", "Ġb a", "Ġba t")));
    }

    private static Map<String, Object> config() {
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("attention_bias", false);
        config.put("mlp_bias", false);
        config.put("hidden_act", "silu");
        config.put("hidden_size", WIDTH);
        config.put("intermediate_size", 12);
        config.put("head_dim", 4);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 1);
        config.put("num_hidden_layers", 2);
        config.put("max_position_embeddings", 16);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("tie_word_embeddings", false);
        config.put("vocab_size", TOKENS.size());
        return config;
    }
}
