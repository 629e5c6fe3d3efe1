package microtome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.edit.Edit;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.depth.mapping.MapOptions;
import microtome.probe.depth.reading.AgreementOptions;
import microtome.probe.depth.reading.GradientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class DepthReadingFrontTest {
    private static final List<String> TEXTS = IntStream.range(0, 12)
            .mapToObj(i -> "Once upon %d times".formatted(i * i))
            .toList();

    @TempDir
    private Path folder;

    private Model lm;

    @BeforeEach
    void load() throws IOException {
        lm = Microtome.load(
                TinyModel.withTokenizer(folder.resolve("tiny")).toString(), LoadOptions.DEFAULT.backend("reference"));
    }

    @Test
    void aRunIsAskedWhatItsAnswerDependsOn() {
        var asked = lm.run("Once upon").answering("ab");
        assertThat(asked).hasToString("10 tokens answered by a b; ask for erasure() or integratedGradients()");
        assertThat(asked.erasure(TEXTS).mimeBundle()).containsKey(MimeTypes.PLOTLY);
        assertThat(asked.integratedGradients().table().plainText()).contains("F(x) − F(mean)", "␣");
        assertThat(asked.integratedGradients(GradientOptions.PAPER).explain().plainText())
                .contains("left, 256 steps, all positions move");
        assertThatThrownBy(() ->
                        lm.run("Once upon").with(Edit.zero(Site.mlpOutput(0))).answering("a"))
                .hasMessageContaining("ask a run without edits");
    }

    @Test
    void aCorpusAndPromptsAreAskedHowFarTheyAgree() {
        var corpus = lm.corpus(TEXTS).length(8);
        assertThat(corpus.lensAgreement().explain().plainText())
                .contains("pieces of at most 8 tokens, first 1 of each");
        assertThat(corpus.lensAgreement(AgreementOptions.DEFAULT.every(2).skipFirst(0))
                        .values()
                        .n())
                .isGreaterThan(corpus.lensAgreement().values().n());
        var prompts = lm.prompts(PromptSet.of("numbers", Map.of("times", TEXTS)));
        assertThat(prompts.lensAgreement().explain().plainText())
                .contains("12 prompts of 'numbers', 12 read", "sha256 of the inputs");
    }

    @Test
    void layersAreMappedToThoseOfThisModelOrOfAnother() {
        var within = lm.corpus(TEXTS).maps();
        var between = Microtome.between(lm, lm).maps(TEXTS);
        assertThat(within.values().error()).isDeepEqualTo(between.values().error());
        assertThat(Microtome.between(lm, lm)
                        .maps(Documents.of(TEXTS), MapOptions.DEFAULT.every(1))
                        .sources())
                .startsWith("emb", "1");
        assertThat(lm.corpus(TEXTS).maps(MapOptions.DEFAULT.lambdas(1)).values().lambda()[0])
                .containsOnly(1);
    }
}
