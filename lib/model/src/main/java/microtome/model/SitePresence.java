package microtome.model;

import microtome.model.Site.Kind;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.BlockOrder;
import microtome.model.config.ModelConfig;

/** Which values models of a configuration compute. */
final class SitePresence {
    private SitePresence() {}

    /** Whether models of this configuration compute it. */
    static boolean in(ModelConfig config, Kind kind) {
        BlockOrder order = config.order();
        return switch (kind) {
            case TOKEN_EMBEDDING, POSITION_EMBEDDING -> !config.isRotary();
            case ATTENTION_NORM_SCALE, MLP_NORM_SCALE -> order.normsBefore();
            case QUERY_NORM_SCALE, KEY_NORM_SCALE -> config.attention().queryKeyNorm() != QueryKeyNorm.NONE;
            case ATTENTION_RAW_OUTPUT, MLP_RAW_OUTPUT -> order.normsBranch();
            case ATTENTION_POST_NORM_SCALE, MLP_POST_NORM_SCALE -> order.normsAfter();
            case RESIDUAL_MIDDLE -> order != BlockOrder.PARALLEL;
            case MLP_UP -> config.mlp().gated();
            case FINAL_NORM_SCALE, FINAL_NORM, LOGITS -> config.hasLogits();
            case UNCAPPED_LOGITS -> config.logitCap() > 0;
            case RESIDUAL, ATTENTION_INPUT, QUERY, KEY, VALUE, ROTATED_QUERY, ROTATED_KEY, SCORES, PATTERN -> true;
            case HEAD_OUTPUT, ATTENTION_OUTPUT, MLP_INPUT, MLP_PRE_ACTIVATION, MLP_ACTIVATION, MLP_OUTPUT -> true;
        };
    }

    /** Why a model that does not compute it does not. */
    static String whyMissing(Kind kind) {
        return switch (kind) {
            case TOKEN_EMBEDDING, POSITION_EMBEDDING -> "positions are rotations, residual.0 is the embedding";
            case ATTENTION_NORM_SCALE, MLP_NORM_SCALE -> "norms stand after attention and the MLP";
            case QUERY_NORM_SCALE, KEY_NORM_SCALE -> "queries and keys are not normed";
            case ATTENTION_RAW_OUTPUT -> "no norm follows attention, attention_output is what it gives";
            case MLP_RAW_OUTPUT -> "no norm follows the MLP, mlp_output is what it gives";
            case ATTENTION_POST_NORM_SCALE, MLP_POST_NORM_SCALE -> "no norm follows attention or the MLP";
            case RESIDUAL_MIDDLE -> "attention and the MLP read the same stream";
            case MLP_UP -> "the MLP has no gate, mlp_pre_activation is its linear part";
            case FINAL_NORM_SCALE, FINAL_NORM, LOGITS -> "an encoder gives no logits, its answer is the last residual";
            default -> "its logits are not capped";
        };
    }
}
