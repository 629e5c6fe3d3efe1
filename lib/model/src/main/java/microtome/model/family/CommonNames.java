package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_NORM;
import static microtome.model.config.Role.ATTENTION_PROJECTION;
import static microtome.model.config.Role.ATTENTION_PROJECTION_BIAS;
import static microtome.model.config.Role.DOWN;
import static microtome.model.config.Role.DOWN_BIAS;
import static microtome.model.config.Role.EMBEDDING;
import static microtome.model.config.Role.FINAL_NORM;
import static microtome.model.config.Role.GATE;
import static microtome.model.config.Role.GATE_BIAS;
import static microtome.model.config.Role.HEAD;
import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.KEY_BIAS;
import static microtome.model.config.Role.MLP_NORM;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.UP_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

import java.util.List;

/** Names that most families share: those of Llama. Biases are taken where a file has them. */
final class CommonNames {
    private CommonNames() {}

    static WeightNames huggingFace() {
        return WeightNames.none()
                .with(EMBEDDING, "model.embed_tokens.weight")
                .with(ATTENTION_NORM, "model.layers.{n}.input_layernorm.weight")
                .maybeBias(QUERY, QUERY_BIAS, "model.layers.{n}.self_attn.q_proj")
                .maybeBias(KEY, KEY_BIAS, "model.layers.{n}.self_attn.k_proj")
                .maybeBias(VALUE, VALUE_BIAS, "model.layers.{n}.self_attn.v_proj")
                .maybeBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, "model.layers.{n}.self_attn.o_proj")
                .with(MLP_NORM, "model.layers.{n}.post_attention_layernorm.weight")
                .maybeBias(GATE, GATE_BIAS, "model.layers.{n}.mlp.gate_proj")
                .maybeBias(UP, UP_BIAS, "model.layers.{n}.mlp.up_proj")
                .maybeBias(DOWN, DOWN_BIAS, "model.layers.{n}.mlp.down_proj")
                .with(FINAL_NORM, "model.norm.weight")
                .with(HEAD, "lm_head.weight");
    }

    /** Models that were saved without their head have no {@code model.} in front. */
    static List<String> spellings(String name) {
        return name.startsWith("model.") ? List.of(name, name.substring("model.".length())) : List.of(name);
    }

    static WeightNames gguf() {
        return WeightNames.none()
                .with(EMBEDDING, "token_embd.weight")
                .with(ATTENTION_NORM, "blk.{n}.attn_norm.weight")
                .maybeBias(QUERY, QUERY_BIAS, "blk.{n}.attn_q")
                .maybeBias(KEY, KEY_BIAS, "blk.{n}.attn_k")
                .maybeBias(VALUE, VALUE_BIAS, "blk.{n}.attn_v")
                .maybeBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, "blk.{n}.attn_output")
                .with(MLP_NORM, "blk.{n}.ffn_norm.weight")
                .maybeBias(GATE, GATE_BIAS, "blk.{n}.ffn_gate")
                .maybeBias(UP, UP_BIAS, "blk.{n}.ffn_up")
                .maybeBias(DOWN, DOWN_BIAS, "blk.{n}.ffn_down")
                .with(FINAL_NORM, "output_norm.weight")
                .with(HEAD, "output.weight");
    }
}
