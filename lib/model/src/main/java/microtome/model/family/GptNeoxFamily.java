package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_NORM;
import static microtome.model.config.Role.ATTENTION_NORM_BIAS;
import static microtome.model.config.Role.ATTENTION_PROJECTION;
import static microtome.model.config.Role.ATTENTION_PROJECTION_BIAS;
import static microtome.model.config.Role.DOWN;
import static microtome.model.config.Role.DOWN_BIAS;
import static microtome.model.config.Role.EMBEDDING;
import static microtome.model.config.Role.FINAL_NORM;
import static microtome.model.config.Role.FINAL_NORM_BIAS;
import static microtome.model.config.Role.HEAD;
import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.KEY_BIAS;
import static microtome.model.config.Role.MLP_NORM;
import static microtome.model.config.Role.MLP_NORM_BIAS;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.UP_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

import java.util.List;
import microtome.model.config.ActivationFunction;
import microtome.model.config.BlockOrder;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.config.RotaryEmbedding;
import microtome.model.format.WeightFile;

/** GPT-NeoX and Pythia: attention and MLP read the same stream, a quarter of every head is rotated. */
public final class GptNeoxFamily implements Family {

    @Override
    public List<String> names() {
        return List.of("gpt_neox", "gptneox");
    }

    private static final double ROTATED_SHARE = 0.25;
    private static final double ROTARY_BASE = 10_000;

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(0, 0, 2048);
        var old = new RotaryKeys.Old("rotary_emb_base", "rope_scaling", "rotary_pct", ROTATED_SHARE);
        RotaryEmbedding rotary =
                new RotaryKeys(config, "rope_parameters", ROTARY_BASE, old).rotary(dimensions.headWidth());
        boolean parallel = config.flag("use_parallel_residual").orElse(true);
        return arranged(dimensions, NormRule.layer(config.fraction("layer_norm_eps", 1e-5)), rotary, parallel)
                .mlp(false, keys.activation("hidden_act", "gelu"))
                .head(keys.head(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        boolean parallel = metadata.flag(keys.key("use_parallel_residual")).orElse(true);
        return arranged(dimensions, NormRule.layer(keys.layerEpsilon()), keys.rotary(dimensions.headWidth()), parallel)
                .mlp(false, ActivationFunction.GELU_ERF)
                .head(keys.head());
    }

    private static ModelConfig arranged(
            Dimensions dimensions, NormRule norm, RotaryEmbedding rotary, boolean parallel) {
        return ModelConfig.decoder("gpt_neox", dimensions, norm, Positions.rotary(rotary, dimensions.blocks()))
                .order(parallel ? BlockOrder.PARALLEL : BlockOrder.NORM_FIRST);
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        String fused = "gpt_neox.layers.{n}.attention.query_key_value";
        int headWidth = config.headWidth();
        return WeightNames.none()
                .with(EMBEDDING, "gpt_neox.embed_in.weight")
                .withBias(ATTENTION_NORM, ATTENTION_NORM_BIAS, "gpt_neox.layers.{n}.input_layernorm")
                .with(QUERY, fused + ".weight", new Source.PartOfHeads(0, 3, headWidth))
                .maybe(QUERY_BIAS, fused + ".bias", new Source.PartOfHeads(0, 3, headWidth))
                .with(KEY, fused + ".weight", new Source.PartOfHeads(1, 3, headWidth))
                .maybe(KEY_BIAS, fused + ".bias", new Source.PartOfHeads(1, 3, headWidth))
                .with(VALUE, fused + ".weight", new Source.PartOfHeads(2, 3, headWidth))
                .maybe(VALUE_BIAS, fused + ".bias", new Source.PartOfHeads(2, 3, headWidth))
                .maybeBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, "gpt_neox.layers.{n}.attention.dense")
                .withBias(MLP_NORM, MLP_NORM_BIAS, "gpt_neox.layers.{n}.post_attention_layernorm")
                .withBias(UP, UP_BIAS, "gpt_neox.layers.{n}.mlp.dense_h_to_4h")
                .withBias(DOWN, DOWN_BIAS, "gpt_neox.layers.{n}.mlp.dense_4h_to_h")
                .withBias(FINAL_NORM, FINAL_NORM_BIAS, "gpt_neox.final_layer_norm")
                .with(HEAD, "embed_out.weight");
    }

    /** The converter has put all queries first, then all keys, then all values. */
    @Override
    public WeightNames ggufNames(ModelConfig config) {
        int width = config.heads() * config.headWidth();
        return CommonNames.gguf()
                .withBias(ATTENTION_NORM, ATTENTION_NORM_BIAS, "blk.{n}.attn_norm")
                .with(QUERY, "blk.{n}.attn_qkv.weight", new Source.Rows(0, width))
                .maybe(QUERY_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(0, width))
                .with(KEY, "blk.{n}.attn_qkv.weight", new Source.Rows(width, width))
                .maybe(KEY_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(width, width))
                .with(VALUE, "blk.{n}.attn_qkv.weight", new Source.Rows(2 * width, width))
                .maybe(VALUE_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(2 * width, width))
                .withBias(MLP_NORM, MLP_NORM_BIAS, "blk.{n}.ffn_norm")
                .withBias(UP, UP_BIAS, "blk.{n}.ffn_up")
                .withBias(DOWN, DOWN_BIAS, "blk.{n}.ffn_down")
                .withBias(FINAL_NORM, FINAL_NORM_BIAS, "output_norm");
    }

    @Override
    public List<String> spellings(String name) {
        String prefix = "gpt_neox.";
        return name.startsWith(prefix) ? List.of(name, name.substring(prefix.length())) : List.of(name);
    }
}
