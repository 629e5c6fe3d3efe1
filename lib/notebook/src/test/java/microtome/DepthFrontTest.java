package microtome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.depth.DepthScore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class DepthFrontTest {
    @TempDir
    private Path folder;

    private Model lm;

    @BeforeEach
    void load() throws IOException {
        lm = Microtome.load(TinyModel.withTokenizer(folder.resolve("tiny")).toString());
    }

    @Test
    void aRunIsAskedHowItUsesItsDepth() {
        var depth = lm.run("Once upon a time").depth();
        assertThat(depth.mimeBundle()).containsKey(MimeTypes.HTML);
        assertThat(depth.contributions().mimeBundle()).containsKey(MimeTypes.PLOTLY);
        assertThat(depth.skip().current().explain().facts()).containsEntry("inputs", "1 prompt of 16 tokens");
        assertThat(depth.skip().toString()).contains("block skipped", "current(), future() or local()");
    }

    @Test
    void aCorpusGivesItsFirstTexts() {
        var corpus = lm.corpus(List.of("Once upon a time", "", "there was a king", "and a queen"))
                .length(12);
        var depth = corpus.depth().texts(2);
        assertThat(depth.sequences()).hasSize(2).allMatch(tokens -> tokens.size() == 12);
        var effect = depth.skip().mlp().current();
        assertThat(effect.values().effectByTrial()).hasNumberOfRows(2);
        assertThat(effect.explain().facts()).containsEntry("inputs", "the first 2 texts of 4 texts");
        assertThat(effect.explain().notes()).contains("of texts longer than 12 tokens only the beginning was read");
        assertThatThrownBy(() -> corpus.depth().texts(0)).hasMessage("0 texts: need at least 1");
        assertThatThrownBy(() -> lm.corpus(List.of(" ")).depth().contributions())
                .hasMessageContaining("no text in it has anything to read");
    }

    @Test
    void promptsAreComparedByTheirLabels() {
        var prompts = PromptSet.of(
                "questions", Map.of("short", List.of("one step?", "a step?"), "long", List.of("two or three steps?")));
        DepthScore score = lm.prompts(prompts).depth().score();
        assertThat(score.values()).extracting(DepthScore.Group::name).containsExactlyInAnyOrder("short", "long");
        assertThat(score.comparisons()).hasSize(1);
        assertThat(score.explain().facts()).containsKey("sha256 of the inputs");
    }
}
