package microtome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.edit.Edit;
import microtome.probe.data.Integration;
import microtome.probe.patching.PromptPair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class AttributionFrontTest {
    @TempDir
    private Path folder;

    private Model lm;

    @BeforeEach
    void load() throws IOException {
        lm = Microtome.load(
                TinyModel.withTokenizer(folder.resolve("tiny")).toString(), LoadOptions.DEFAULT.backend("reference"));
    }

    @Test
    void aRunIsAskedForItsAnswers() {
        var attribution = lm.run("Once upon").attribution("a", "b");
        assertThat(attribution.mimeBundle()).containsKey(MimeTypes.PLOTLY);
        assertThat(attribution.direct().top(3).plainText()).contains("logit of a − b after n (position 8)");
        assertThat(lm.run("Once upon").attribution("a").direct().table().plainText())
                .contains("logit of a − mean of the vocabulary");
        assertThat(attribution.patching("Once apon").denoising().table().plainText())
                .contains("u/a");
        assertThat(attribution.integratedGradients().strip().plainText()).contains("attribution:");
        assertThatThrownBy(() -> lm.run("Once upon").attribution("ab", "c"))
                .hasMessageContaining("'ab' is not one token but 2: 'a' 'b'");
        assertThatThrownBy(() -> lm.run("Once upon").attribution("a", "a"))
                .hasMessageContaining("the difference of an answer and itself is always 0");
    }

    @Test
    void aPairShowsTheTokensAsOtherTablesDo() {
        assertThat(lm.patching("a b", "b b").table().plainText())
                .contains("␣", "yes")
                .doesNotContain("2423");
    }

    @Test
    void editsOfTheRunAreSeenAndThoseOfTheOtherRefused() {
        Run edited = lm.run("Once upon").with(Edit.zero(Site.mlpOutput(0)));
        assertThat(edited.attribution("a", "b").direct().values().mlp()[0]).isZero();
        assertThatThrownBy(() -> lm.run("Once apon").attribution("a", "b").patching(edited))
                .hasMessageContaining("give the other run without edits");
        assertThat(edited.attribution("a", "b")
                        .patching(lm.run("Once apon"))
                        .values()
                        .noising()
                        .mlp()[0])
                .containsOnly(0.0);
    }

    /** Patching the embedding of the one token that differs is exchanging the prompts, for both ways of patching. */
    @Test
    void estimatesMeetTheTruthWhereTheWholeDifferenceIsExchanged() {
        Run clean = lm.run("Once upon");
        Run corrupt = lm.run("Once apon");
        var pair = new PromptPair(lm.languageModel(), clean.sequence(), corrupt.sequence());
        var exact = pair.answers("a", "b").residual().values();
        var estimate = clean.attribution("a", "b")
                .patching(corrupt, Integration.gaussLegendre(100))
                .values();
        assertThat(estimate.clean()).isCloseTo(exact.clean(), within(2e-5));
        assertThat(estimate.corrupt()).isCloseTo(exact.corrupt(), within(2e-5));
        double restored = exact.metric()[0][5] - exact.corrupt();
        assertThat(restored).isCloseTo(exact.clean() - exact.corrupt(), within(2e-5));
        assertThat(estimate.denoising().residual()[0][5]).isCloseTo(restored, within(2e-5));
    }
}
