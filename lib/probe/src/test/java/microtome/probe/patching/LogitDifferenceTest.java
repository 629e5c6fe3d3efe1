package microtome.probe.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import microtome.model.Head;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.probe.attention.AttentionPattern;
import microtome.probe.data.RoundTrip;
import microtome.probe.geometry.TrajectoryGeometry;
import microtome.probe.lens.LogitLens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitDifferenceTest {
    /** What two F32 implementations of a model of this size may differ by, as its reference data says. */
    private static final double BOUND = 2e-5;

    @TempDir
    private static Path folder;

    private static LanguageModel model;
    private static RunPlan plain;

    @BeforeAll
    static void load() {
        model = TinyOne.open(folder, "reference");
        plain = RunPlan.of(model, TinyOne.CLEAN);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void itIsWhatNumpyComputed() {
        var values = LogitDifference.of(plain, 9, 2).values();
        assertThat(values.first()[0]).isCloseTo(2.138530444, within(BOUND));
        assertThat(values.second()[0]).isCloseTo(1.220506344, within(BOUND));
        assertThat(values.difference()[0]).isCloseTo(0.918024100, within(BOUND));
    }

    @Test
    void anEditedRunStandsBesideThePlainOne() {
        RunPlan edited = plain.with(Edits.of(Edit.zero(new Head(0, 0))));
        LogitDifference both = LogitDifference.of(edited, 9, 2).compareTo(plain);
        assertThat(both.values().difference()).hasSize(2);
        assertThat(both.values().difference()[1]).isCloseTo(0.918024100, within(BOUND));
        assertThat(both.difference()).isNotCloseTo(0.918, within(0.01));
        assertThat(both.table().plainText())
                .contains("head_output.0, head 0: set to 0", "without edits", "first run - this");
        assertThat(both.explain().facts().get("edits")).isEqualTo("head_output.0, head 0: set to 0");
        assertThat(both.plot().plainText()).isNotEmpty();
        RoundTrip.check(both);
    }

    @Test
    void editsBehindTheBlocksCountToo() {
        RunPlan halved = plain.with(Edits.of(Edit.scale(Site.logits(), 0.5)));
        assertThat(LogitDifference.of(halved, 9, 2).difference()).isCloseTo(0.918024100 / 2, within(BOUND));
    }

    @Test
    void everyProbeOfARunSeesItsEdits() {
        Edits edits =
                Edits.of(Edit.replace(Site.residual(0), model.activations(TinyOne.CORRUPT, List.of(Site.residual(0)))));
        RunPlan edited = plain.with(edits);
        RunPlan other = RunPlan.of(model, TinyOne.CORRUPT);
        assertThat(LogitLens.of(edited).top(3).values().logits())
                .isDeepEqualTo(LogitLens.of(other).top(3).values().logits());
        assertThat(AttentionPattern.of(edited, 1).all().values())
                .isDeepEqualTo(AttentionPattern.of(other, 1).all().values());
        assertThat(TrajectoryGeometry.of(edited).curvature().values())
                .isEqualTo(TrajectoryGeometry.of(other).curvature().values());
        assertThat(LogitLens.of(edited).top(3).explain().facts().get("edits")).contains("residual.0: replace by");
        assertThat(LogitLens.of(plain).top(3).explain().facts()).doesNotContainKey("edits");
    }
}
