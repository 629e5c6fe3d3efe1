package microtome.model.family;

import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Mistral: Llama with a window over the last positions. */
public final class MistralFamily implements Family {

    @Override
    public List<String> names() {
        return List.of("mistral");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(8, 0, 131_072);
        int blocks = dimensions.blocks();
        return ModelConfig.decoder(
                        "mistral",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), blocks))
                .attention(AttentionRule.usual(dimensions).windows(keys.windows(blocks, keys.window(4096), _ -> true)))
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    /** Their GGUF files say that they are Llama; one that does not is read in the same way. */
    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        return new LlamaFamily().fromGguf(metadata, file);
    }

    @Override
    public WeightNames huggingFaceNames(ModelConfig config) {
        return CommonNames.huggingFace();
    }

    @Override
    public WeightNames ggufNames(ModelConfig config) {
        return CommonNames.gguf();
    }

    @Override
    public List<String> spellings(String name) {
        return CommonNames.spellings(name);
    }

    @Override
    public boolean ggufPairsRotaryRows() {
        return true;
    }
}
