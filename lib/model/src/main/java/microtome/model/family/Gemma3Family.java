package microtome.model.family;

import static microtome.model.config.Role.KEY_NORM;
import static microtome.model.config.Role.QUERY_NORM;

import java.util.ArrayList;
import java.util.List;
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
    /** The 27B model, whose scores are divided by another root. */
    private static final int LARGEST_BLOCKS = 62;

    @Override
    public ModelConfig fromHuggingFace(Settings whole) {
        Settings config = whole.within("text_config");
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(4, 256, 131_072);
        int blocks = dimensions.blocks();
        int period = config.number("sliding_window_pattern", config.number("_sliding_window_pattern", PERIOD));
        List<Integer> windows = keys.windows(blocks, keys.window(4096), block -> (block + 1) % period != 0);
        var attention = AttentionRule.usual(dimensions)
                .scoreScale(Math.pow(config.fraction("query_pre_attn_scalar", 256), -0.5))
                .softCap(keys.cap("attn_logit_softcapping", 0))
                .windows(windows)
                .queryKeyNorm(QueryKeyNorm.PER_HEAD);
        int width = dimensions.headWidth();
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)).gainsLessOne();
        return arranged(dimensions, norm, positions(windows, local(config, width), global(keys, width)))
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

    /** Layers with a window turn by the local base, which is never stretched. */
    private static Positions positions(List<Integer> windows, RotaryEmbedding local, RotaryEmbedding global) {
        var byBlock = new ArrayList<RotaryEmbedding>();
        windows.forEach(window -> byBlock.add(window > 0 ? local : global));
        return new Positions.Rotary(byBlock);
    }

    private static RotaryEmbedding local(Settings config, int width) {
        double base = config.number("rope_parameters.sliding_attention.rope_theta")
                .orElse(config.fraction("rope_local_base_freq", LOCAL_BASE));
        return new RotaryEmbedding(base, width, new RotaryScaling.None());
    }

    private static RotaryEmbedding global(HuggingFaceKeys keys, int width) {
        return keys.rotary("rope_parameters.full_attention.", "rope_theta", GLOBAL_BASE, width);
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
