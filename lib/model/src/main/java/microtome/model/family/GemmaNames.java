package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_POST_NORM;
import static microtome.model.config.Role.MLP_NORM;
import static microtome.model.config.Role.MLP_POST_NORM;

/** Names of both Gemmas: in safetensors files the norm that others have before the MLP stands after attention. */
final class GemmaNames {
    private GemmaNames() {}

    static WeightNames huggingFace() {
        return CommonNames.huggingFace()
                .with(ATTENTION_POST_NORM, "model.layers.{n}.post_attention_layernorm.weight")
                .with(MLP_NORM, "model.layers.{n}.pre_feedforward_layernorm.weight")
                .with(MLP_POST_NORM, "model.layers.{n}.post_feedforward_layernorm.weight");
    }

    static WeightNames gguf() {
        return CommonNames.gguf()
                .with(ATTENTION_POST_NORM, "blk.{n}.post_attention_norm.weight")
                .with(MLP_POST_NORM, "blk.{n}.post_ffw_norm.weight");
    }
}
