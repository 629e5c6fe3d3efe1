package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_NORM;
import static microtome.model.config.Role.ATTENTION_POST_NORM;
import static microtome.model.config.Role.KEY_NORM;
import static microtome.model.config.Role.MLP_NORM;
import static microtome.model.config.Role.MLP_POST_NORM;
import static microtome.model.config.Role.QUERY_NORM;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.BlockOrder;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** OLMo 2: norms after attention and after the MLP, and over all queries and all keys. */
public final class Olmo2Family implements Family {

    @Override
    public List<String> names() {
        return List.of("olmo2");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(0, 0, 2048);
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon(1e-5));
        var positions = Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks());
        return arranged(dimensions, norm, positions)
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        var norm = NormRule.rootMeanSquare(keys.rmsEpsilon());
        var positions = Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks());
        return arranged(dimensions, norm, positions).head(keys.head());
    }

    private static ModelConfig arranged(Dimensions dimensions, NormRule norm, Positions positions) {
        return ModelConfig.decoder("olmo2", dimensions, norm, positions)
                .order(BlockOrder.NORM_OF_BRANCH)
                .attention(AttentionRule.usual(dimensions).queryKeyNorm(QueryKeyNorm.ACROSS_HEADS));
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return CommonNames.huggingFace()
                .without(ATTENTION_NORM, MLP_NORM)
                .with(QUERY_NORM, "model.layers.{n}.self_attn.q_norm.weight")
                .with(KEY_NORM, "model.layers.{n}.self_attn.k_norm.weight")
                .with(ATTENTION_POST_NORM, "model.layers.{n}.post_attention_layernorm.weight")
                .with(MLP_POST_NORM, "model.layers.{n}.post_feedforward_layernorm.weight");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return CommonNames.gguf()
                .without(ATTENTION_NORM, MLP_NORM)
                .with(QUERY_NORM, "blk.{n}.attn_q_norm.weight")
                .with(KEY_NORM, "blk.{n}.attn_k_norm.weight")
                .with(ATTENTION_POST_NORM, "blk.{n}.post_attention_norm.weight")
                .with(MLP_POST_NORM, "blk.{n}.post_ffw_norm.weight");
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }
}
