package microtome.model.family;

import static microtome.model.config.Role.ATTENTION_POST_NORM;
import static microtome.model.config.Role.ATTENTION_POST_NORM_BIAS;
import static microtome.model.config.Role.ATTENTION_PROJECTION;
import static microtome.model.config.Role.ATTENTION_PROJECTION_BIAS;
import static microtome.model.config.Role.DOWN;
import static microtome.model.config.Role.DOWN_BIAS;
import static microtome.model.config.Role.EMBEDDING;
import static microtome.model.config.Role.EMBEDDING_NORM;
import static microtome.model.config.Role.EMBEDDING_NORM_BIAS;
import static microtome.model.config.Role.KEY;
import static microtome.model.config.Role.KEY_BIAS;
import static microtome.model.config.Role.MLP_POST_NORM;
import static microtome.model.config.Role.MLP_POST_NORM_BIAS;
import static microtome.model.config.Role.POSITION_EMBEDDING;
import static microtome.model.config.Role.QUERY;
import static microtome.model.config.Role.QUERY_BIAS;
import static microtome.model.config.Role.TOKEN_TYPE_EMBEDDING;
import static microtome.model.config.Role.UP;
import static microtome.model.config.Role.UP_BIAS;
import static microtome.model.config.Role.VALUE;
import static microtome.model.config.Role.VALUE_BIAS;

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

/** BERT and the sentence encoders made of it: every token sees every other, norms after the sums, no logits. */
public final class BertFamily implements Family {

    @Override
    public List<String> names() {
        return List.of("bert");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        config.refuse("is_decoder", "BERT that sees earlier tokens only");
        String positions = config.text("position_embedding_type").orElse("absolute");
        if (!positions.equals("absolute")) {
            throw new IllegalArgumentException("%s: 'position_embedding_type' is '%s'; only 'absolute' can be computed"
                    .formatted(config.source(), positions));
        }
        var keys = new HuggingFaceKeys(config);
        return arranged(keys.dimensions(0, 0, 512), NormRule.layer(config.fraction("layer_norm_eps", 1e-12)))
                .mlp(false, keys.activation("hidden_act", "gelu"));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        return arranged(keys.dimensions(), NormRule.layer(keys.fraction("attention.layer_norm_epsilon", 1e-12)))
                .mlp(false, ActivationFunction.GELU_ERF);
    }

    private static ModelConfig arranged(Dimensions dimensions, NormRule norm) {
        return ModelConfig.decoder("bert", dimensions, norm, new Positions.Learned())
                .order(BlockOrder.NORM_OF_SUM)
                .attention(AttentionRule.usual(dimensions).bothWays())
                .embedding(new EmbeddingRule(1, true, true))
                .head(new HeadRule.None());
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        String layer = "encoder.layer.{n}.";
        return WeightNames.none()
                .with(EMBEDDING, "embeddings.word_embeddings.weight")
                .with(POSITION_EMBEDDING, "embeddings.position_embeddings.weight")
                .with(TOKEN_TYPE_EMBEDDING, "embeddings.token_type_embeddings.weight")
                .withBias(EMBEDDING_NORM, EMBEDDING_NORM_BIAS, "embeddings.LayerNorm")
                .withBias(QUERY, QUERY_BIAS, layer + "attention.self.query")
                .withBias(KEY, KEY_BIAS, layer + "attention.self.key")
                .withBias(VALUE, VALUE_BIAS, layer + "attention.self.value")
                .withBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, layer + "attention.output.dense")
                .withBias(ATTENTION_POST_NORM, ATTENTION_POST_NORM_BIAS, layer + "attention.output.LayerNorm")
                .withBias(UP, UP_BIAS, layer + "intermediate.dense")
                .withBias(DOWN, DOWN_BIAS, layer + "output.dense")
                .withBias(MLP_POST_NORM, MLP_POST_NORM_BIAS, layer + "output.LayerNorm");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return WeightNames.none()
                .with(EMBEDDING, "token_embd.weight")
                .with(POSITION_EMBEDDING, "position_embd.weight")
                .with(TOKEN_TYPE_EMBEDDING, "token_types.weight")
                .withBias(EMBEDDING_NORM, EMBEDDING_NORM_BIAS, "token_embd_norm")
                .withBias(QUERY, QUERY_BIAS, "blk.{n}.attn_q")
                .withBias(KEY, KEY_BIAS, "blk.{n}.attn_k")
                .withBias(VALUE, VALUE_BIAS, "blk.{n}.attn_v")
                .withBias(ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS, "blk.{n}.attn_output")
                .withBias(ATTENTION_POST_NORM, ATTENTION_POST_NORM_BIAS, "blk.{n}.attn_output_norm")
                .withBias(UP, UP_BIAS, "blk.{n}.ffn_up")
                .withBias(DOWN, DOWN_BIAS, "blk.{n}.ffn_down")
                .withBias(MLP_POST_NORM, MLP_POST_NORM_BIAS, "blk.{n}.layer_output_norm");
    }

    /** Models with a task of their own have {@code bert.} in front; old files call gain and bias of a norm gamma and beta. */
    @Override
    public List<String> spellings(String name) {
        String old =
                name.contains("LayerNorm.") ? name.replace(".weight", ".gamma").replace(".bias", ".beta") : name;
        return List.of(name, "bert." + name, old, "bert." + old);
    }
}
