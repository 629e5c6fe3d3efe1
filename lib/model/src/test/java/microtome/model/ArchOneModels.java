package microtome.model;

/** Draws the weights of the tiny models of {@link ArchOneTest}, in the order and with the scales that their page gives. */
final class ArchOneModels {
    static final int[] TOKENS = {1, 7, 4, 9, 2};
    static final int VOCABULARY = 11;
    static final int WIDTH = 8;
    private static final int HEADS = 2;
    private static final int MLP = 12;
    private static final int BLOCKS = 3;
    private static final double NORM = 0.2;
    private static final double MATRIX = 0.4;
    private static final double EMBEDDING = 0.5;
    private static final double BIAS = 0.1;

    private final String family;
    private final SmallModel model = SmallModel.empty();
    private long state = 777;

    ArchOneModels(String family) {
        this.family = family;
    }

    SmallModel draw() {
        model.set("model_type", '"' + (family.equals("gemma3") ? "gemma3_text" : family) + '"')
                .set("vocab_size", "" + VOCABULARY)
                .set("tie_word_embeddings", "true");
        return family.equals("gpt2") ? gpt2() : others();
    }

    private SmallModel gpt2() {
        model.set("n_embd", "8")
                .set("n_head", "2")
                .set("n_layer", "3")
                .set("n_inner", "12")
                .set("n_positions", "5");
        matrix("wte.weight", VOCABULARY, WIDTH, EMBEDDING);
        matrix("wpe.weight", TOKENS.length, WIDTH, EMBEDDING);
        for (int block = 0; block < BLOCKS; block++) {
            String prefix = "h." + block + ".";
            layerNorm(prefix + "ln_1");
            withBias(prefix + "attn.c_attn", WIDTH, 3 * WIDTH);
            withBias(prefix + "attn.c_proj", WIDTH, WIDTH);
            layerNorm(prefix + "ln_2");
            withBias(prefix + "mlp.c_fc", WIDTH, MLP);
            withBias(prefix + "mlp.c_proj", MLP, WIDTH);
        }
        layerNorm("ln_f");
        return model;
    }

    private SmallModel others() {
        boolean gemma = family.startsWith("gemma");
        boolean wide = gemma || family.equals("qwen3");
        boolean normed = family.equals("qwen3") || family.equals("gemma3");
        int headWidth = wide ? 6 : 4;
        configure(headWidth);
        double offset = gemma ? 0 : 1;
        matrix("model.embed_tokens.weight", VOCABULARY, WIDTH, EMBEDDING);
        for (int block = 0; block < BLOCKS; block++) {
            String prefix = "model.layers." + block + ".";
            vector(prefix + "input_layernorm.weight", WIDTH, NORM, offset);
            projection(prefix + "self_attn.q_proj", HEADS * headWidth);
            projection(prefix + "self_attn.k_proj", headWidth);
            projection(prefix + "self_attn.v_proj", headWidth);
            if (normed) {
                vector(prefix + "self_attn.q_norm.weight", headWidth, NORM, offset);
                vector(prefix + "self_attn.k_norm.weight", headWidth, NORM, offset);
            }
            matrix(prefix + "self_attn.o_proj.weight", WIDTH, HEADS * headWidth, MATRIX);
            vector(prefix + "post_attention_layernorm.weight", WIDTH, NORM, offset);
            if (gemma) {
                vector(prefix + "pre_feedforward_layernorm.weight", WIDTH, NORM, offset);
            }
            matrix(prefix + "mlp.gate_proj.weight", MLP, WIDTH, MATRIX);
            matrix(prefix + "mlp.up_proj.weight", MLP, WIDTH, MATRIX);
            matrix(prefix + "mlp.down_proj.weight", WIDTH, MLP, MATRIX);
            if (gemma) {
                vector(prefix + "post_feedforward_layernorm.weight", WIDTH, NORM, offset);
            }
        }
        vector("model.norm.weight", WIDTH, NORM, offset);
        return model;
    }

    private void configure(int headWidth) {
        model.set("hidden_size", "8")
                .set("num_attention_heads", "2")
                .set("num_key_value_heads", "1")
                .set("num_hidden_layers", "3")
                .set("intermediate_size", "12")
                .set("max_position_embeddings", "16")
                .set("head_dim", "" + headWidth)
                .set("rms_norm_eps", "1e-6")
                .set("rope_theta", "100");
        if (family.startsWith("gemma")) {
            model.set("query_pre_attn_scalar", "9")
                    .set("sliding_window", "3")
                    .set("layer_types", "[\"sliding_attention\",\"full_attention\",\"sliding_attention\"]");
        }
        if (family.equals("gemma2")) {
            model.set("attn_logit_softcapping", "2.0").set("final_logit_softcapping", "3.0");
        }
        if (family.equals("gemma3")) {
            model.set("rope_local_base_freq", "100")
                    .set("rope_theta", "1000")
                    .set("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":8}");
        }
    }

    private void projection(String name, int outputs) {
        matrix(name + ".weight", outputs, WIDTH, MATRIX);
        if (family.equals("qwen2")) {
            vector(name + ".bias", outputs, BIAS, 0);
        }
    }

    private void withBias(String name, int inputs, int outputs) {
        matrix(name + ".weight", inputs, outputs, MATRIX);
        vector(name + ".bias", outputs, BIAS, 0);
    }

    private void layerNorm(String name) {
        vector(name + ".weight", WIDTH, NORM, 1);
        vector(name + ".bias", WIDTH, BIAS, 0);
    }

    private void matrix(String name, int rows, int columns, double scale) {
        model.put(name, drawn(rows * columns, scale, 0), rows, columns);
    }

    private void vector(String name, int width, double scale, double offset) {
        model.put(name, drawn(width, scale, offset), width);
    }

    private float[] drawn(int count, double scale, double offset) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (offset + scale * (2 * uniform() - 1));
        }
        return values;
    }

    /** SplitMix64 (Steele, Lea and Flood 2014). */
    private double uniform() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }
}
