package microtome.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.model.format.BadWeightFile;
import microtome.model.store.ModelStore;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a model is said in one sentence: where, what was found, what is allowed, what to do. */
class ModelErrorsTest {
    @TempDir
    private Path folder;

    private LanguageModel load() {
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toString()), LoadOptions.DEFAULT.backend("reference"));
    }

    private AbstractThrowableAssert<?, ?> refused(SmallModel model) {
        model.write(folder);
        return assertThatThrownBy(this::load).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownFamilyIsAnsweredWithTheNearest() {
        refused(SmallModel.of("llama-tied").set("model_type", "\"lama\""))
                .hasMessageContaining("config.json: models of family 'lama' cannot be read; nearest: llama, ")
                .hasMessageContaining("known families are bert, gemma2, ");
    }

    @Test
    void aConfigurationMustNameItsFamily() {
        refused(SmallModel.of("llama-tied").without("model_type"))
                .hasMessageContaining("config.json: there is no 'model_type', which says what family the model is of");
    }

    @Test
    void aConfigurationMustBeJson() throws IOException {
        SmallModel.of("llama-tied").write(folder);
        Files.writeString(folder.resolve("config.json"), "model_type: llama");
        assertThatThrownBy(this::load)
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("config.json: character 0: ")
                .hasMessageContaining("allowed: JSON in which every key occurs once");
    }

    @Test
    void aMissingTensorIsNamedByFamilyRoleAndSpellings() {
        refused(SmallModel.of("llama-tied").withoutTensor("model.layers.1.mlp.down_proj.weight"))
                .hasMessageContaining(
                        "model.safetensors: a model of family llama needs a tensor for its down in block 1; "
                                + "there is no 'model.layers.1.mlp.down_proj.weight', 'layers.1.mlp.down_proj.weight'; "
                                + "nearest: ");
    }

    @Test
    void tensorsThatNobodyNeedsAreFine() {
        SmallModel.of("llama-tied").put("something.else", new float[3], 3).write(folder);
        assertThatCode(() -> load().close()).doesNotThrowAnyException();
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBoth() {
        refused(SmallModel.of("llama-tied").set("intermediate_size", "48"))
                .hasMessageContaining("tensor model.layers.0.mlp.down_proj.weight is [32, 56], ")
                .hasMessageContaining("the configuration says [32, 48]");
    }

    @Test
    void anUnembeddingThatIsNeitherThereNorTiedIsAskedFor() {
        refused(SmallModel.of("llama-tied").set("tie_word_embeddings", "false"))
                .hasMessageContaining("there is no tensor 'lm_head.weight' for the unembedding")
                .hasMessageContaining("write \"tie_word_embeddings\": true into config.json");
    }

    @Test
    void headsThatCannotShareTheWidthAreRefused() {
        refused(SmallModel.of("llama-tied").without("head_dim").set("num_attention_heads", "5"))
                .hasMessageContaining("config.json: 5 heads cannot share a width of 32 evenly, "
                        + "and the file gives them no width of their own");
    }

    @Test
    void keyHeadsThatCannotBeSharedAreRefused() {
        refused(SmallModel.of("llama-tied").set("num_key_value_heads", "3"))
                .hasMessageContaining("4 query heads cannot share 3 key/value heads evenly");
    }

    @Test
    void aWidthOfHeadsThatCannotTurnIsRefused() {
        refused(SmallModel.of("llama-tied").set("head_dim", "7")).hasMessageContaining("is 7, it must be even");
    }

    @Test
    void aSizeThatIsMissingIsNamed() {
        refused(SmallModel.of("qwen3").without("hidden_size"))
                .hasMessageContaining("config.json: the key 'hidden_size' is missing");
    }

    @Test
    void aValueOfAnotherKindIsNotTakenForAMissingOne() {
        refused(SmallModel.of("llama-tied").set("num_key_value_heads", "\"2\""))
                .hasMessageContaining("config.json: 'num_key_value_heads' is \"2\", expected a number");
        refused(SmallModel.of("llama-tied").set("tie_word_embeddings", "\"yes\""))
                .hasMessageContaining("config.json: 'tie_word_embeddings' is \"yes\", expected true or false");
    }

    @Test
    void anUnknownScalingOfRotationsIsAnsweredWithTheKnown() {
        refused(SmallModel.of("llama-tied").set("rope_scaling", "{\"type\":\"xpos\",\"factor\":2}"))
                .hasMessageContaining("config.json: rotary scaling 'xpos' is not supported; "
                        + "known are default, linear, dynamic, yarn, longrope, llama3");
    }

    @Test
    void aScalingWithoutItsFactorIsAskedForIt() {
        refused(SmallModel.of("llama-tied").set("rope_scaling", "{\"type\":\"linear\"}"))
                .hasMessageContaining("config.json: rotary scaling 'linear' needs the key 'factor' beside its type");
    }

    @Test
    void asManyFactorsAsPairsAreNeeded() {
        refused(SmallModel.of("phi3")
                        .set(
                                "rope_scaling",
                                "{\"type\":\"longrope\",\"short_factor\":[1,2],\"long_factor\":[1,2,3,4]}"))
                .hasMessageContaining("2 factors of frequencies, but 8 elements of a head turn; give 4");
    }

    @Test
    void anUnknownActivationIsAnsweredWithTheKnown() {
        refused(SmallModel.of("llama-tied").set("hidden_act", "\"mish\""))
                .hasMessageContaining("activation function 'mish' is not known; known are [gelu, ");
    }

    @Test
    void attentionThatIsNotComputedIsRefused() {
        refused(SmallModel.of("gemma3").set("use_bidirectional_attention", "true"))
                .hasMessageContaining("'use_bidirectional_attention' is true, "
                        + "but attention to later tokens cannot be computed for this family");
        refused(SmallModel.of("bert").set("is_decoder", "true")).hasMessageContaining("'is_decoder' is true");
    }
}
