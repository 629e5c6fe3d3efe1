package microtome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import microtome.cli.TinyModel;
import microtome.display.MimeTypes;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.edit.Edit;
import microtome.model.generate.Ending;
import microtome.model.generate.Sampling;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritingTest {
    @TempDir
    private Path folder;

    private Model lm;

    @BeforeEach
    void load() throws IOException {
        lm = Microtome.load(
                TinyModel.withTokenizer(folder.resolve("tiny")).toString(), LoadOptions.DEFAULT.backend("reference"));
    }

    private Writing writing() {
        return lm.write("Once upon").tokens(12).pastEndOfText();
    }

    @Test
    void aPlanSaysWhatItIsAndWritesTheSameEveryTime() {
        assertThat(writing())
                .hasToString(
                        "up to 12 tokens after 1 prompts, greedy; nothing is written yet: text(), show(), table() write");
        String text = writing().text();
        assertThat(text).hasSize(12); // a character per token
        assertThat(writing().texts()).containsExactly(text);
        assertThat(lm.run("Once upon").write().tokens(12).pastEndOfText().text())
                .isEqualTo(text);
        assertThat((String) writing().mimeBundle().get(MimeTypes.TEXT)).startsWith("Once upon‖" + text);
        assertThat(writing().table().rows()).hasSize(12);
    }

    @Test
    void optionsOfChanceAreKeptWhileOthersAreAdded() {
        Writing plan =
                writing().temperature(1.5).topK(40).topP(0.9).minP(0.01).seed(7).stop("~~~~");
        assertThat(plan.request().choice()).isEqualTo(new Sampling(1.5, 40, 0.9, 0.01, 7));
        assertThat(plan.text()).isEqualTo(plan.text());
        assertThat(plan.seed(8).text()).isNotEqualTo(plan.text());
        assertThat(plan.copies(3).texts()).hasSize(3).doesNotHaveDuplicates().startsWith(plan.text());
        assertThat(plan.explain().facts()).containsEntry("seed", "7");
        assertThat(plan.greedy().text()).isEqualTo(writing().text());
    }

    @Test
    void aStopStringCutsTheText() {
        String whole = writing().text();
        String stop = whole.substring(5, 7);
        var generated = writing().stop(stop).generated();
        assertThat(generated.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(generated.first().ending()).isEqualTo(Ending.STOP_STRING);
    }

    @Test
    void theTextComesPieceByPiece() {
        var pieces = new ArrayList<String>();
        String text = writing().stream(pieces::add).text();
        assertThat(pieces).hasSize(12);
        assertThat(String.join("", pieces)).isEqualTo(text);
    }

    @Test
    void tapsGoAlongAndTheModelStaysAsItWas() {
        String before = writing().text();
        Tap reversing = new Tap() {
            @Override
            public boolean wants(Site site) {
                return site.equals(Site.residual(3));
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                return value.negate();
            }
        };
        assertThat(writing().with(reversing).text()).isNotEqualTo(before);
        StepTap late = first -> first >= 12 ? reversing : Tap.NONE; // the prompt has 9 tokens
        assertThat(writing().with(late).text())
                .startsWith(before.substring(0, 4))
                .isNotEqualTo(before);
        assertThat(writing().text()).isEqualTo(before);
    }

    @Test
    void editsChangeTheTextAndTheResultSaysWhichTheyWere() {
        Edit edit = Edit.scale(Site.residual(2), -2);
        String plain = writing().text();
        var edited = writing().with(edit).generated();
        assertThat(edited.text()).isNotEqualTo(plain);
        assertThat(edited.explain().facts().get("edits")).isEqualTo(edit.toString());
        assertThat(edited.plainText()).contains("; edits: " + edit);
        Writing ofRun = lm.run("Once upon").with(edit).write().tokens(12).pastEndOfText();
        assertThat(ofRun.text()).isEqualTo(edited.text());
        assertThat(ofRun.explain().facts().get("edits")).isEqualTo(edit.toString());
        assertThat(writing().explain().facts()).containsEntry("edits", "none");
        assertThat(writing().with(StepTap.always(Tap.NONE)).explain().facts())
                .containsEntry("edits", "a tap of one's own");
    }

    @Test
    void valuesOfPromptAndTextAreThere() {
        var text =
                writing().watching(Site.residual(2)).alternatives(3).generated().first();
        assertThat(text.at(Site.residual(2)).shape().extent(0)).isEqualTo(21);
        assertThat(text.alternatives()).allSatisfy(each -> assertThat(each).hasSize(3));
    }

    @Test
    void wrongOptionsTeach() {
        assertThatThrownBy(() -> writing().temperature(0)).hasMessageContaining("use greedy()");
        assertThatThrownBy(() -> lm.write("").text()).hasMessageContaining("at least one character");
        assertThatThrownBy(() -> lm.write(new String[0])).hasMessageContaining("give at least one");
    }
}
