package microtome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import microtome.cli.TinyModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.probe.data.PositionRule;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every character is a token of this model. */
class PromptsFrontTest {
    private static final PromptSet SET = new PromptSet(
            "two", List.of(new Prompt("one bat", "a", "", "one"), new Prompt("a bat", "b", "", "bat")), List.of());

    @TempDir
    private Path folder;

    private Prompts prompts;

    @BeforeEach
    void load() throws IOException {
        String tiny = TinyModel.withTokenizer(folder.resolve("tiny")).toString();
        prompts = Microtome.load(tiny, LoadOptions.DEFAULT.backend("reference")).prompts(SET);
    }

    @Test
    void statesAreOfTheWholeResidualStreamAtTheLastToken() {
        var states = prompts.states();
        assertThat(states.layers()).startsWith("emb", "1");
        assertThat(states.origin().inputs()).isEqualTo("2 prompts of \"two\", last token");
        assertThat(states.states()[0][0]).isEqualTo(states.states()[0][1]); // both end in the same letter
        assertThat(states.states()[1][0]).isNotEqualTo(states.states()[1][1]);
    }

    @Test
    void positionAndSitesAreOptionsAndThePlanStaysAsItIs() {
        var other = prompts.at(PositionRule.position(1)).sites(Site.finalNorm(), Site.residual(1));
        assertThat(other.states().layers()).containsExactly("final", "1");
        assertThat(other.states().origin().inputs()).endsWith("position 1");
        assertThat(other.toString()).contains("2 prompts of 'two'").endsWith("read at: position 1");
        assertThat(prompts.toString()).endsWith("read at: last token");
    }

    @Test
    void wordsAreReadAtTheirLastToken() {
        assertThat(prompts.sites(Site.residual(1)).wordStates().states()[0][0])
                .isEqualTo(prompts.sites(Site.residual(1))
                        .at(PositionRule.position(2))
                        .states()
                        .states()[0][0]);
    }
}
