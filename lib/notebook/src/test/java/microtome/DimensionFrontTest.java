package microtome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.model.LoadOptions;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.dimension.principal.PrincipalOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class DimensionFrontTest {
    @TempDir
    private Path folder;

    private Model lm;

    @BeforeEach
    void load() throws IOException {
        lm = Microtome.load(
                TinyModel.withTokenizer(folder.resolve("tiny")).toString(), LoadOptions.DEFAULT.backend("reference"));
    }

    @Test
    void aCorpusTellsItsDimensionsLayerByLayer() {
        var found = lm.corpus(List.of("Once upon", "a time", "ten cats")).dimension();
        assertThat(found.mimeBundle()).containsKey(MimeTypes.PLOTLY);
        assertThat(found.values().getLast().layer()).isEqualTo("final");
        assertThat(found.values().getFirst().spectrum().n()).isEqualTo(8 + 5 + 7);
        assertThat(found.explain().facts().get("inputs")).isEqualTo("20 tokens of 3 documents");
    }

    @Test
    void promptsTellTheirDimensionsAndTheirPaths() {
        var prompts = lm.prompts(PromptSet.of(
                "two kinds", Map.of("short", List.of("a b", "b c", "c d"), "long", List.of("one of", "of one"))));
        assertThat(prompts.dimension().ranks().values().bound()).containsOnly(4);
        assertThat(prompts.at(PositionRule.MEAN).dimension().explain().facts()).containsEntry("n", "5");
        assertThat(prompts.principalComponents().plot().plainText()).contains("in 2 groups");
        assertThat(prompts.principalComponents(
                                PrincipalOptions.DEFAULT.components(1).fittedTo("emb"))
                        .explain()
                        .facts())
                .containsEntry("fitted to", "layer emb");
    }
}
