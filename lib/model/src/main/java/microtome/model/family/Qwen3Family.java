package microtome.model.family;

import static microtome.model.config.Role.KEY_NORM;
import static microtome.model.config.Role.QUERY_NORM;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Qwen 3: Llama with heads of a width of their own, whose queries and keys are normed. */
public final class Qwen3Family implements Family {

    @Override
    public List<String> names() {
        return List.of("qwen3");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(32, 128, 32_768);
        return ModelConfig.decoder(
                        "qwen3",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .attention(AttentionRule.usual(dimensions)
                        .windows(keys.usedWindows(dimensions.blocks()))
                        .queryKeyNorm(QueryKeyNorm.PER_HEAD))
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        return ModelConfig.decoder(
                        "qwen3",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon()),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .attention(AttentionRule.usual(dimensions).queryKeyNorm(QueryKeyNorm.PER_HEAD))
                .head(keys.head());
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return CommonNames.huggingFace()
                .with(QUERY_NORM, "model.layers.{n}.self_attn.q_norm.weight")
                .with(KEY_NORM, "model.layers.{n}.self_attn.k_norm.weight");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return CommonNames.gguf()
                .with(QUERY_NORM, "blk.{n}.attn_q_norm.weight")
                .with(KEY_NORM, "blk.{n}.attn_k_norm.weight");
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }
}
