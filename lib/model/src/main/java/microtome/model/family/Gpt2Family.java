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
import static microtome.model.config.Role.POSITION_EMBEDDING;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.UP_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

import java.util.List;
import microtome.model.config.ActivationFunction;
import microtome.model.config.AttentionRule;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** GPT-2: learned positions, norms with mean and bias, an MLP without a gate; matrices stored inputs first. */
public final class Gpt2Family implements Family {

    @Override
    public List<String> names() {
        return List.of("gpt2");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        config.refuse("add_cross_attention", "attention to another model");
        int width = config.required("n_embd");
        int heads = config.required("n_head");
        var dimensions = new Dimensions(
                config.required("n_layer"),
                width,
                heads,
                heads,
                HuggingFaceKeys.evenShare(config.source(), width, heads),
                config.number("n_inner", 4 * width),
                config.required("vocab_size"),
                config.number("n_positions", config.number("n_ctx", 1024)));
        var keys = new HuggingFaceKeys(config);
        boolean scaled = config.flag("scale_attn_weights").orElse(true);
        boolean divided = config.flag("scale_attn_by_inverse_layer_idx").orElse(false);
        AttentionRule usual =
                AttentionRule.usual(dimensions).scoreScale(scaled ? Math.pow(dimensions.headWidth(), -0.5) : 1);
        return arranged(dimensions, NormRule.layer(config.fraction("layer_norm_epsilon", 1e-5)))
                .attention(divided ? usual.dividedByBlock() : usual)
                .mlp(false, keys.activation("activation_function", "gelu_new"))
                .head(keys.head(true));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        return arranged(keys.dimensions(), NormRule.layer(keys.layerEpsilon()))
                .mlp(false, ActivationFunction.GELU_TANH)
                .head(keys.head());
    }

    private static ModelConfig arranged(Dimensions dimensions, NormRule norm) {
        return ModelConfig.decoder("gpt2", dimensions, norm, new Positions.Learned());
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        int width = config.width();
        String attention = "transformer.h.{n}.attn.";
        return WeightNames.none()
                .with(EMBEDDING, "transformer.wte.weight")
                .with(POSITION_EMBEDDING, "transformer.wpe.weight")
                .withBias(ATTENTION_NORM, ATTENTION_NORM_BIAS, "transformer.h.{n}.ln_1")
                .with(QUERY, attention + "c_attn.weight", new Source.Transposed(0, width))
                .with(QUERY_BIAS, attention + "c_attn.bias", new Source.Rows(0, width))
                .with(KEY, attention + "c_attn.weight", new Source.Transposed(width, width))
                .with(KEY_BIAS, attention + "c_attn.bias", new Source.Rows(width, width))
                .with(VALUE, attention + "c_attn.weight", new Source.Transposed(2 * width, width))
                .with(VALUE_BIAS, attention + "c_attn.bias", new Source.Rows(2 * width, width))
                .with(ATTENTION_PROJECTION, attention + "c_proj.weight", new Source.Transposed(0, width))
                .with(ATTENTION_PROJECTION_BIAS, attention + "c_proj.bias")
                .withBias(MLP_NORM, MLP_NORM_BIAS, "transformer.h.{n}.ln_2")
                .with(UP, "transformer.h.{n}.mlp.c_fc.weight", new Source.Transposed(0, config.mlpWidth()))
                .with(UP_BIAS, "transformer.h.{n}.mlp.c_fc.bias")
                .with(DOWN, "transformer.h.{n}.mlp.c_proj.weight", new Source.Transposed(0, width))
                .with(DOWN_BIAS, "transformer.h.{n}.mlp.c_proj.bias")
                .withBias(FINAL_NORM, FINAL_NORM_BIAS, "transformer.ln_f")
                .with(HEAD, "lm_head.weight");
    }

    /** The converter has exchanged rows and columns. */
    @Override
    public WeightNames ggufNames(ModelConfig config) {
        int width = config.width();
        return CommonNames.gguf()
                .with(POSITION_EMBEDDING, "position_embd.weight")
                .withBias(ATTENTION_NORM, ATTENTION_NORM_BIAS, "blk.{n}.attn_norm")
                .with(QUERY, "blk.{n}.attn_qkv.weight", new Source.Rows(0, width))
                .with(QUERY_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(0, width))
                .with(KEY, "blk.{n}.attn_qkv.weight", new Source.Rows(width, width))
                .with(KEY_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(width, width))
                .with(VALUE, "blk.{n}.attn_qkv.weight", new Source.Rows(2 * width, width))
                .with(VALUE_BIAS, "blk.{n}.attn_qkv.bias", new Source.Rows(2 * width, width))
                .withBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, "blk.{n}.attn_output")
                .withBias(MLP_NORM, MLP_NORM_BIAS, "blk.{n}.ffn_norm")
                .withBias(UP, UP_BIAS, "blk.{n}.ffn_up")
                .withBias(DOWN, DOWN_BIAS, "blk.{n}.ffn_down")
                .withBias(FINAL_NORM, FINAL_NORM_BIAS, "output_norm");
    }

    @Override
    public List<String> spellings(String name) {
        String prefix = "transformer.";
        return name.startsWith(prefix) ? List.of(name, name.substring(prefix.length())) : List.of(name);
    }
}
