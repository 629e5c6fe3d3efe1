package microtome.model.family;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.Dimensions;
import microtome.model.config.HeadRule;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.config.Role;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;
import microtome.model.format.WeightFile;

/** A family that only tests know: its own keys, its own names, queries, keys and values in one matrix. */
public final class ToyFamily implements Family {

    @Override
    public List<String> names() {
        return List.of("toy");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var dimensions = new Dimensions(
                config.required("floors"),
                config.required("breadth"),
                config.required("eyes"),
                config.required("ears"),
                config.required("sight"),
                config.required("room"),
                config.required("words"),
                config.required("reach"));
        var rotation = new RotaryEmbedding(config.required("turn"), dimensions.headWidth(), new RotaryScaling.None());
        return ModelConfig.decoder(
                        "toy",
                        dimensions,
                        NormRule.rootMeanSquare(config.fraction("tiny", 1e-6)),
                        Positions.rotary(rotation, dimensions.blocks()))
                .attention(AttentionRule.usual(dimensions).queryKeyNorm(QueryKeyNorm.PER_HEAD))
                .head(HeadRule.unembedding(false));
    }

    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        throw new IllegalArgumentException("toys are not made of GGUF");
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        return WeightNames.none()
                .with(Role.EMBEDDING, "words")
                .with(Role.ATTENTION_NORM, "floor{n}.before_looking")
                .with(Role.QUERY, "floor{n}.look", new Source.Rows(0, queries))
                .with(Role.KEY, "floor{n}.look", new Source.Rows(queries, keys))
                .with(Role.VALUE, "floor{n}.look", new Source.Rows(queries + keys, keys))
                .with(Role.QUERY_NORM, "floor{n}.even_eyes")
                .with(Role.KEY_NORM, "floor{n}.even_ears")
                .with(Role.ATTENTION_PROJECTION, "floor{n}.tell")
                .with(Role.MLP_NORM, "floor{n}.before_thinking")
                .with(Role.GATE, "floor{n}.gate")
                .with(Role.UP, "floor{n}.up")
                .with(Role.DOWN, "floor{n}.down")
                .with(Role.FINAL_NORM, "roof")
                .with(Role.HEAD, "speak");
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return WeightNames.none();
    }
}
