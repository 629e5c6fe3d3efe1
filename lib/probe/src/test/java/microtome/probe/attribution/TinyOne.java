package microtome.probe.attribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Shape;

/**
 * A Llama of 2 blocks, width 8 and 11 tokens whose weights are a stream of numbers anyone can make, so that the numbers of an
 * independent float64 program (NumPy, its gradients checked against finite differences) can be written into tests.
 */
final class TinyOne {
    static final TokenSequence CLEAN = TokenSequence.ofIds(0, 3, 7, 1, 9, 4);
    static final TokenSequence CORRUPT = TokenSequence.ofIds(0, 5, 7, 1, 9, 4);
    static final LogitMetric METRIC = new LogitMetric.Difference(9, 2);

    private static final int WIDTH = 8;
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8, "intermediate_size": 12,
             "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4,
             "hidden_act": "silu", "max_position_embeddings": 64, "rms_norm_eps": 1e-05, "vocab_size": 11,
             "rope_theta": 10000.0, "tie_word_embeddings": false, "attention_bias": false, "mlp_bias": false}
            """;

    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private long state = 12345;

    private TinyOne() {
        draw("model.embed_tokens.weight", 1, 0, 11, WIDTH);
        for (int block = 0; block < 2; block++) {
            String prefix = "model.layers.%d.".formatted(block);
            draw(prefix + "input_layernorm.weight", 0.1, 1, WIDTH);
            draw(prefix + "self_attn.q_proj.weight", 0.6, 0, 8, WIDTH);
            draw(prefix + "self_attn.k_proj.weight", 0.6, 0, 4, WIDTH);
            draw(prefix + "self_attn.v_proj.weight", 0.6, 0, 4, WIDTH);
            draw(prefix + "self_attn.o_proj.weight", 0.6, 0, WIDTH, 8);
            draw(prefix + "post_attention_layernorm.weight", 0.1, 1, WIDTH);
            draw(prefix + "mlp.gate_proj.weight", 0.6, 0, 12, WIDTH);
            draw(prefix + "mlp.up_proj.weight", 0.6, 0, 12, WIDTH);
            draw(prefix + "mlp.down_proj.weight", 0.6, 0, WIDTH, 12);
        }
        draw("model.norm.weight", 0.1, 1, WIDTH);
        draw("lm_head.weight", 1, 0, 11, WIDTH);
    }

    /** The model itself. */
    static LanguageModel load(Path folder, String backend) {
        return new TinyOne().written(folder, backend);
    }

    /**
     * The model with the embedding of token 5 moved towards that of token 3, to this share of the difference, so that the
     * corrupt prompt comes as near to the clean one as one likes.
     */
    static LanguageModel loadWithCorruption(Path folder, double share) {
        var model = new TinyOne();
        float[] embedding = model.tensors.get("model.embed_tokens.weight");
        for (int i = 0; i < WIDTH; i++) {
            double clean = embedding[3 * WIDTH + i];
            embedding[5 * WIDTH + i] = (float) (clean + share * (embedding[5 * WIDTH + i] - clean));
        }
        return model.written(folder, "reference");
    }

    /** One of the model module's folders of expected values: 3 blocks of 4 heads, width 32, 97 tokens. */
    static LanguageModel fixture(String name, String backend) {
        return fixture(name, LoadOptions.DEFAULT.backend(backend));
    }

    static LanguageModel fixture(String name, LoadOptions options) {
        Path folder = Path.of("../model/src/test/resources/microtome/model/architectures", name);
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()), options);
    }

    private void draw(String name, double scale, double offset, long... extents) {
        Shape shape = Shape.of(extents);
        var values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * (2 * uniform() - 1));
        }
        tensors.put(name, values);
        shapes.put(name, shape);
    }

    /** SplitMix64. */
    private double uniform() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    private LanguageModel written(Path folder, String backend) {
        try (var writer = SafetensorsWriter.to(folder.resolve("model.safetensors"))) {
            Files.writeString(folder.resolve("config.json"), CONFIG);
            tensors.forEach((name, values) -> writer.declare(name, StoredType.F32, shapes.get(name)));
            tensors.forEach(writer::write);
            writer.finish();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toString()), LoadOptions.DEFAULT.backend(backend));
    }
}
