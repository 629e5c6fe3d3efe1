package microtome.model.family;

import static microtome.model.config.Role.GATE;
import static microtome.model.config.Role.GATE_BIAS;
import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.KEY_BIAS;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.UP_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Phi-3: Llama with one matrix for queries, keys and values, and one for gate and up. */
public final class Phi3Family implements Family {

    @Override
    public List<String> names() {
        return List.of("phi3");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(0, 0, 4096);
        int blocks = dimensions.blocks();
        return ModelConfig.decoder(
                        "phi3",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon(1e-5)),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), blocks))
                .attention(AttentionRule.usual(dimensions).windows(keys.windows(blocks, keys.window(0), _ -> true)))
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        int window = keys.number("attention.sliding_window", 0);
        return ModelConfig.decoder(
                        "phi3",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon()),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .attention(
                        AttentionRule.usual(dimensions).windows(keys.windows(dimensions.blocks(), window, _ -> true)))
                .head(keys.head());
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return fused(
                CommonNames.huggingFace(),
                config,
                "model.layers.{n}.self_attn.qkv_proj.weight",
                "model.layers.{n}.mlp.gate_up_proj.weight");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return fused(CommonNames.gguf(), config, "blk.{n}.attn_qkv.weight", "blk.{n}.ffn_up.weight");
    }

    private static WeightNames fused(WeightNames names, ModelConfig config, String attention, String mlp) {
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        return names.without(QUERY_BIAS, KEY_BIAS, VALUE_BIAS, GATE_BIAS, UP_BIAS)
                .with(QUERY, attention, new Source.Rows(0, queries))
                .with(KEY, attention, new Source.Rows(queries, keys))
                .with(VALUE, attention, new Source.Rows(queries + keys, keys))
                .with(GATE, mlp, new Source.Rows(0, config.mlpWidth()))
                .with(UP, mlp, new Source.Rows(config.mlpWidth(), config.mlpWidth()));
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }
}
