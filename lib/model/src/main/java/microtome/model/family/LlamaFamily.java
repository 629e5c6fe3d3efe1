package microtome.model.family;

import java.util.Collections;
import java.util.List;
import microtome.model.config.AttentionRule;
import microtome.model.config.Dimensions;
import microtome.model.config.ModelConfig;
import microtome.model.config.NormRule;
import microtome.model.config.Positions;
import microtome.model.format.WeightFile;

/** Llama, SmolLM2, TinyLlama; GGUF files of Mistral say that they are of this family too. */
public final class LlamaFamily implements Family {

    @Override
    public List<String> names() {
        return List.of("llama");
    }

    @Override
    public ModelConfig fromHuggingFace(Settings config) {
        var keys = new HuggingFaceKeys(config);
        Dimensions dimensions = keys.dimensions(0, 0, 2048);
        return ModelConfig.decoder(
                        "llama",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon(1e-6)),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .mlp(true, keys.activation("hidden_act", "silu"))
                .head(keys.head(false));
    }

    /** A file of Mistral that says how wide its window is has one; most do not say, and are read without. */
    @Override
    public ModelConfig fromGguf(Settings metadata, WeightFile file) {
        var keys = new GgufKeys(metadata, file);
        Dimensions dimensions = keys.dimensions();
        return ModelConfig.decoder(
                        "llama",
                        dimensions,
                        NormRule.rootMeanSquare(keys.rmsEpsilon()),
                        Positions.rotary(keys.rotary(dimensions.headWidth()), dimensions.blocks()))
                .attention(AttentionRule.usual(dimensions)
                        .windows(Collections.nCopies(dimensions.blocks(), keys.number("attention.sliding_window", 0))))
                .head(keys.head());
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
