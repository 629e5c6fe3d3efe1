package microtome.model.family;

import java.util.List;
import microtome.model.config.ActivationFunction;
import microtome.model.config.AttentionRule;
import microtome.model.config.BlockOrder;
import microtome.model.config.Dimensions;
import microtome.model.config.EmbeddingRule;
import microtome.model.config.HeadRule;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Gemma 2: norms around attention and the MLP, capped scores and logits, a window in every other layer. */
public final class Gemma2Family implements Family {

    @Override
    public List<String> names() {
        return List.of("gemma2");
    }

    /** The 27B model, whose scores are divided by another root. */
    private static final int LARGEST_BLOCKS = 46;

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        config.refuse("use_bidirectional_attention", "attention to later tokens");
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(4, 256, 8192);
        int blocks = dimensions.blocks();
        var attention = AttentionRule.usual(dimensions)
                .scoreScale(Math.pow(config.fraction("query_pre_attn_scalar", 256), -0.5))
                .softCap(keys.cap("attn_logit_softcapping", 50))
                .windows(keys.windows(blocks, keys.window(4096), Gemma2Family::slides));
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)).gainsLessOne();
        return arranged(dimensions, norm, Positions.rotary(keys.rotary(dimensions.headWidth()), blocks))
                .attention(attention)
                .mlp(true, keys.activation("hidden_activation", "gelu_pytorch_tanh"))
                .head(new HeadRule.Unembedding(
                        config.flag("tie_word_embeddings").orElse(true), keys.cap("final_logit_softcapping", 30)));
    }

    /** The converter has added 1 to the gains. */
    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        int blocks = dimensions.blocks();
        int scored = blocks == LARGEST_BLOCKS ? dimensions.width() / dimensions.heads() : dimensions.headWidth();
        var attention = AttentionRule.usual(dimensions)
                .scoreScale(keys.fraction("attention.scale", Math.pow(scored, -0.5)))
                .softCap(keys.fraction("attn_logit_softcapping", 50))
                .windows(keys.windows(blocks, keys.number("attention.sliding_window", 4096), Gemma2Family::slides));
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon());
        return arranged(dimensions, norm, Positions.rotary(keys.rotary(dimensions.headWidth()), blocks))
                .attention(attention)
                .mlp(true, ActivationFunction.GELU_TANH)
                .head(new HeadRule.Unembedding(
                        !file.has("output.weight"), (float) keys.fraction("final_logit_softcapping", 30)));
    }

    private static ModelConfig arranged(Dimensions dimensions, NormRule norm, Positions positions) {
        return ModelConfig.decoder("gemma2", dimensions, norm, positions)
                .order(BlockOrder.NORM_AROUND)
                .embedding(EmbeddingRule.scaled(Math.sqrt(dimensions.width())));
    }

    private static boolean slides(int block) {
        return block % 2 == 0;
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return GemmaNames.huggingFace();
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return GemmaNames.gguf();
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }
}
