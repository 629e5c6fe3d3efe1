package microtome.model.family;

import static microtome.model.config.Role.KEY_NORM;
import static microtome.model.config.Role.QUERY_NORM;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.model.config.ActivationFunction;
import microtome.model.config.AttentionRule;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.BlockOrder;
import microtome.model.config.Dimensions;
import microtome.model.config.EmbeddingRule;
import microtome.model.config.HeadRule;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;
import microtome.model.format.WeightFile;

/** Gemma 3, its text part: norms around attention and the MLP, normed queries and keys, a window and a base of its own in five of six layers. */
public final class Gemma3Family implements Family {

    @Override
    public List<String> names() {
        return List.of("gemma3_text", "gemma3");
    }

    private static final double LOCAL_BASE = 10_000;
    private static final double GLOBAL_BASE = 1_000_000;
    private static final int PERIOD = 6;
    /** The text part of a file of a model that also sees pictures says only what differs from these. */
    private static final Map<String, Integer> SIZES = Map.of(
            "hidden_size", 2304,
            "intermediate_size", 9216,
            "num_hidden_layers", 26,
            "num_attention_heads", 8,
            "vocab_size", 262_208);

    /** The 27B model, whose scores are divided by another root. */
    private static final int LARGEST_BLOCKS = 62;

    /** Scores are never capped: the library reads {@code attn_logit_softcapping} for this family and does not use it. */
    @Override
    public ModelConfig fromHuggingFace(Settings whole) {
        Settings config = whole.within("text_config");
        whole.refuse("use_bidirectional_attention", "attention to later tokens");
        config.refuse("use_bidirectional_attention", "attention to later tokens");
        var keys = new HuggingFaceKeys(config, SIZES);
        Dimensions dimensions = keys.dimensions(4, 256, 131_072);
        int blocks = dimensions.blocks();
        int period = config.number("sliding_window_pattern", config.number("_sliding_window_pattern", PERIOD));
        List<Integer> windows = keys.windows(blocks, keys.window(4096), block -> (block + 1) % period != 0);
        var attention = AttentionRule.usual(dimensions)
                .scoreScale(Math.pow(config.fraction("query_pre_attn_scalar", 256), -0.5))
                .windows(windows)
                .queryKeyNorm(QueryKeyNorm.PER_HEAD);
        int width = dimensions.headWidth();
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)).gainsLessOne();
        return arranged(dimensions, norm, positions(windows, local(config, width), global(config, width)))
                .attention(attention)
                .mlp(true, keys.activation("hidden_activation", "gelu_pytorch_tanh"))
                .head(new HeadRule.Unembedding(
                        config.flag("tie_word_embeddings").orElse(true), keys.cap("final_logit_softcapping", 0)));
    }

    /** The converter has added 1 to the gains. */
    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        int blocks = dimensions.blocks();
        List<Integer> windows =
                keys.windows(blocks, keys.number("attention.sliding_window", 1024), block -> (block + 1) % PERIOD != 0);
        int scored = blocks == LARGEST_BLOCKS ? dimensions.width() / dimensions.heads() : dimensions.headWidth();
        var attention = AttentionRule.usual(dimensions)
                .scoreScale(keys.fraction("attention.scale", Math.pow(scored, -0.5)))
                .windows(windows)
                .queryKeyNorm(QueryKeyNorm.PER_HEAD);
        int width = dimensions.headWidth();
        var local =
                new RotaryEmbedding(keys.fraction("rope.freq_base_swa", LOCAL_BASE), width, new RotaryScaling.None());
        var global = keys.rotary(keys.fraction("rope.freq_base", GLOBAL_BASE), width);
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon());
        return arranged(dimensions, norm, positions(windows, local, global))
                .attention(attention)
                .mlp(true, ActivationFunction.GELU_TANH)
                .head(keys.head());
    }

    private static ModelConfig arranged(Dimensions dimensions, NormRule norm, Positions positions) {
        return ModelConfig.decoder("gemma3", dimensions, norm, positions)
                .order(BlockOrder.NORM_AROUND)
                .embedding(EmbeddingRule.scaled(Math.sqrt(dimensions.width())));
    }

    /** Layers with a window turn by the local base, which older files never stretch. */
    private static Positions positions(List<Integer> windows, RotaryEmbedding local, RotaryEmbedding global) {
        var byBlock = new ArrayList<RotaryEmbedding>();
        windows.forEach(window -> byBlock.add(window > 0 ? local : global));
        return new Positions.Rotary(byBlock);
    }

    private static RotaryEmbedding local(Settings config, int width) {
        var old = new RotaryKeys.Old("rope_local_base_freq", "", "partial_rotary_factor", 1);
        return new RotaryKeys(config, "rope_parameters.sliding_attention", LOCAL_BASE, old).rotary(width);
    }

    private static RotaryEmbedding global(Settings config, int width) {
        var old = new RotaryKeys.Old("rope_theta", "rope_scaling", "partial_rotary_factor", 1);
        return new RotaryKeys(config, "rope_parameters.full_attention", GLOBAL_BASE, old).rotary(width);
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return GemmaNames.huggingFace()
                .with(QUERY_NORM, "model.layers.{n}.self_attn.q_norm.weight")
                .with(KEY_NORM, "model.layers.{n}.self_attn.k_norm.weight");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return GemmaNames.gguf()
                .with(QUERY_NORM, "blk.{n}.attn_q_norm.weight")
                .with(KEY_NORM, "blk.{n}.attn_k_norm.weight");
    }

    /** Files of the models that also see pictures have the text part under another name. */
    @Override
    public List<String> spellings(String name) {
        String bare = name.startsWith("model.") ? name.substring("model.".length()) : name;
        return List.of(name, bare, "language_model." + name, "model.language_model." + bare);
    }
}
