package microtome.model;

import java.util.function.Supplier;
import microtome.model.config.ModelConfig;
import microtome.model.family.Families;
import microtome.model.family.Family;
import microtome.model.family.GgufSettings;
import microtome.model.family.JsonSettings;
import microtome.model.format.ConfigFile;
import microtome.model.format.Gguf;
import microtome.model.format.WeightFile;
import microtome.model.store.ModelFiles;

/** What the files of a model say that it is. */
record DescribedModel(Family family, ModelConfig config) {

    /**
     * Reads the metadata of a GGUF file, or the {@code config.json} beside any other.
     *
     * @throws IllegalArgumentException for a family that is not known and values that make no model; names the file
     */
    static DescribedModel of(ModelFiles files, WeightFile weights) {
        if (weights instanceof Gguf gguf) {
            String source = gguf.path().toString();
            Family family = Families.named(gguf.metadata().string("general.architecture"), source);
            return described(family, source, () -> family.fromGguf(new GgufSettings(gguf.metadata()), gguf));
        }
        ConfigFile config = ConfigFile.read(files.config()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: there is no config.json beside the weights; a safetensors file needs one"
                                .formatted(files.weights()))));
        String source = config.path().toString();
        Family family = Families.named(config.root().path("model_type").asText(), source);
        return described(family, source, () -> family.fromHuggingFace(new JsonSettings(config.root(), source)));
    }

    /** Parts of a configuration check themselves and do not know where their values come from. */
    private static DescribedModel described(Family family, String source, Supplier<ModelConfig> config) {
        try {
            return new DescribedModel(family, config.get());
        } catch (IllegalArgumentException wrong) {
            if (wrong.getMessage() != null && wrong.getMessage().startsWith(source)) {
                throw wrong;
            }
            throw new IllegalArgumentException(source + ": " + wrong.getMessage(), wrong);
        }
    }
}
