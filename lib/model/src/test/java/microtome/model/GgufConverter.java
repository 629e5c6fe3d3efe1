package microtome.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microtome.model.SmallModel.Numbers;
import microtome.model.format.GgufBuilder;

/**
 * Writes a fixture as a GGUF file in F32, as the converter of llama.cpp does: its names, its order of rows, its keys. It knows
 * nothing of the library's families.
 */
final class GgufConverter {
    private static final int F32 = 0;
    private static final Pattern BLOCK = Pattern.compile("(?:layers|h|layer)\\.(\\d+)\\.");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("embed_tokens", "token_embd"),
            Map.entry("wte", "token_embd"),
            Map.entry("embed_in", "token_embd"),
            Map.entry("embeddings.word_embeddings", "token_embd"),
            Map.entry("wpe", "position_embd"),
            Map.entry("embeddings.position_embeddings", "position_embd"),
            Map.entry("embeddings.token_type_embeddings", "token_types"),
            Map.entry("embeddings.LayerNorm", "token_embd_norm"),
            Map.entry("norm", "output_norm"),
            Map.entry("ln_f", "output_norm"),
            Map.entry("final_layer_norm", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("embed_out", "output"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("ln_1", "attn_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("pre_feedforward_layernorm", "ffn_norm"),
            Map.entry("ln_2", "ffn_norm"),
            Map.entry("post_feedforward_layernorm", "post_ffw_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.gate_up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("attn.c_attn", "attn_qkv"),
            Map.entry("attn.c_proj", "attn_output"),
            Map.entry("mlp.c_fc", "ffn_up"),
            Map.entry("mlp.c_proj", "ffn_down"),
            Map.entry("attention.query_key_value", "attn_qkv"),
            Map.entry("attention.dense", "attn_output"),
            Map.entry("mlp.dense_h_to_4h", "ffn_up"),
            Map.entry("mlp.dense_4h_to_h", "ffn_down"),
            Map.entry("attention.self.query", "attn_q"),
            Map.entry("attention.self.key", "attn_k"),
            Map.entry("attention.self.value", "attn_v"),
            Map.entry("attention.output.dense", "attn_output"),
            Map.entry("attention.output.LayerNorm", "attn_output_norm"),
            Map.entry("intermediate.dense", "ffn_up"),
            Map.entry("output.dense", "ffn_down"),
            Map.entry("output.LayerNorm", "layer_output_norm"));

    private final SmallModel model;
    private final String type;
    private final GgufBuilder file = new GgufBuilder();

    private GgufConverter(SmallModel model) {
        this.model = model;
        this.type = model.config().path("model_type").asText();
    }

    static Path write(SmallModel model, Path folder) {
        var converter = new GgufConverter(model);
        ConvertedKeys.write(converter.file, model.config());
        converter.tensors();
        return converter.file.write(folder);
    }

    private void tensors() {
        if (ConvertedKeys.rope(model.config(), "rope_type").asText().equals("llama3")) {
            float[] divisors = llama3Divisors();
            file.tensor("rope_freqs.weight", F32, bytes(divisors), divisors.length);
        }
        factors("short");
        factors("long");
        model.tensors().forEach((name, numbers) -> {
            if (!name.startsWith("pooler.")) {
                tensor(name, numbers);
            }
        });
    }

    private void factors(String which) {
        JsonNode list = ConvertedKeys.rope(model.config(), which + "_factor");
        if (list.isArray()) {
            var values = new float[list.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = list.get(i).floatValue();
            }
            file.tensor("rope_factors_" + which + ".weight", F32, bytes(values), values.length);
        }
    }

    private void tensor(String name, Numbers numbers) {
        Numbers changed = numbers;
        if (type.equals("gpt2") && name.contains(".c_") && name.endsWith(".weight")) {
            changed = transposed(numbers);
        } else if (type.startsWith("gemma") && name.endsWith("norm.weight")) {
            changed = plusOne(numbers);
        } else if (type.equals("gpt_neox") && name.contains("query_key_value")) {
            changed = headsToThirds(numbers);
        } else if ((type.equals("llama") || type.equals("mistral")) && name.contains("q_proj")) {
            changed = paired(numbers, heads());
        } else if ((type.equals("llama") || type.equals("mistral")) && name.contains("k_proj")) {
            changed = paired(numbers, model.config().path("num_key_value_heads").asInt(heads()));
        }
        file.tensor(renamed(name), F32, bytes(changed.values()), innermostFirst(changed.shape()));
    }

    private int heads() {
        return model.config().path("num_attention_heads").asInt();
    }

    private String renamed(String name) {
        String bare = name.replaceFirst("^(model|transformer|gpt_neox|encoder)\\.", "");
        int dot = bare.lastIndexOf('.');
        String ending = bare.substring(dot);
        String stem = bare.substring(0, dot);
        Matcher block = BLOCK.matcher(stem);
        String prefix = "";
        if (block.find()) {
            prefix = "blk." + block.group(1) + ".";
            stem = stem.substring(block.end());
        }
        boolean afterAttention = type.startsWith("gemma") || type.equals("olmo2");
        String found =
                afterAttention && stem.equals("post_attention_layernorm") ? "post_attention_norm" : NAMES.get(stem);
        if (found == null) {
            throw new AssertionError("no GGUF name for " + name);
        }
        return prefix + found + ending;
    }

    /** {@code [n, 2, half, in]} becomes {@code [n, half, 2, in]}. */
    private static Numbers paired(Numbers numbers, int heads) {
        int rows = (int) numbers.shape()[0];
        int columns = numbers.values().length / rows;
        int half = rows / heads / 2;
        var paired = new float[numbers.values().length];
        for (int head = 0; head < heads; head++) {
            for (int which = 0; which < 2; which++) {
                for (int j = 0; j < half; j++) {
                    int from = (head * 2 + which) * half + j;
                    int to = (head * half + j) * 2 + which;
                    System.arraycopy(numbers.values(), from * columns, paired, to * columns, columns);
                }
            }
        }
        return new Numbers(numbers.shape(), paired);
    }

    /** {@code [heads, 3, width of a head, ...]} becomes {@code [3, heads, width of a head, ...]}. */
    private Numbers headsToThirds(Numbers numbers) {
        int chunk = numbers.values().length / heads() / 3;
        var thirds = new float[numbers.values().length];
        for (int head = 0; head < heads(); head++) {
            for (int part = 0; part < 3; part++) {
                System.arraycopy(
                        numbers.values(), (head * 3 + part) * chunk, thirds, (part * heads() + head) * chunk, chunk);
            }
        }
        return new Numbers(numbers.shape(), thirds);
    }

    private static Numbers transposed(Numbers numbers) {
        int rows = (int) numbers.shape()[0];
        int columns = (int) numbers.shape()[1];
        var turned = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = numbers.values()[row * columns + column];
            }
        }
        return new Numbers(new long[] {columns, rows}, turned);
    }

    private static Numbers plusOne(Numbers numbers) {
        float[] values = numbers.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += 1;
        }
        return new Numbers(numbers.shape(), values);
    }

    private float[] llama3Divisors() {
        JsonNode config = model.config();
        int width = config.path("head_dim").asInt();
        double factor = ConvertedKeys.rope(config, "factor").asDouble();
        double low = ConvertedKeys.rope(config, "low_freq_factor").asDouble();
        double high = ConvertedKeys.rope(config, "high_freq_factor").asDouble();
        double old =
                ConvertedKeys.rope(config, "original_max_position_embeddings").asDouble();
        double base = ConvertedKeys.rope(config, "rope_theta").asDouble();
        var divisors = new float[width / 2];
        for (int j = 0; j < divisors.length; j++) {
            double wave = 2 * Math.PI * Math.pow(base, 2.0 * j / width);
            double smooth = (old / wave - low) / (high - low);
            double between = 1 / ((1 - smooth) / factor + smooth);
            divisors[j] = (float) (wave < old / high ? 1 : wave > old / low ? factor : between);
        }
        return divisors;
    }

    private static long[] innermostFirst(long[] shape) {
        return shape.length == 1 ? shape : new long[] {shape[1], shape[0]};
    }

    private static byte[] bytes(float[] values) {
        return MemorySegment.ofArray(values).toArray(ValueLayout.JAVA_BYTE);
    }
}
