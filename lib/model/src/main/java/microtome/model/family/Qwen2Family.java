package microtome.model.family;

import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.KEY_BIAS;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Qwen 2 and 2.5: Llama with biases on queries, keys and values. */
public final class Qwen2Family implements Family {

    @Override
    public List<String> names() {
        return List.of("qwen2");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(32, 0, 32_768);
        return ModelConfig.decoder(
                        "qwen2",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .attention(AttentionRule.usual(dimensions).windows(keys.usedWindows(dimensions.blocks())))
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        return ModelConfig.decoder(
                        "qwen2",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon()),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .head(keys.head());
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return CommonNames.huggingFace()
                .withBias(QUERY, QUERY_BIAS, "model.layers.{n}.self_attn.q_proj")
                .withBias(KEY, KEY_BIAS, "model.layers.{n}.self_attn.k_proj")
                .withBias(VALUE, VALUE_BIAS, "model.layers.{n}.self_attn.v_proj");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return CommonNames.gguf()
                .withBias(QUERY, QUERY_BIAS, "blk.{n}.attn_q")
                .withBias(KEY, KEY_BIAS, "blk.{n}.attn_k")
                .withBias(VALUE, VALUE_BIAS, "blk.{n}.attn_v");
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }
}
