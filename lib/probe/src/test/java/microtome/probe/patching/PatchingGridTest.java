package microtome.probe.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.display.Json;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatchingGridTest {
    /** What two F32 implementations of a model of this size may differ by, as its reference data says. */
    private static final double BOUND = 2e-5;

    @TempDir
    private static Path folder;

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = TinyOne.open(folder, "reference");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static ActivationPatching patching() {
        return new PromptPair(model, TinyOne.CLEAN, TinyOne.CORRUPT).answers(TinyOne.RIGHT, TinyOne.WRONG);
    }

    private static double metric(RunPlan run) {
        return LogitDifference.of(run, TinyOne.RIGHT, TinyOne.WRONG).difference();
    }

    @Test
    void bothRunsHaveTheMetricThatNumpyComputed() {
        var values = patching().residual().values();
        assertThat(values.clean()).isCloseTo(0.918024100, within(BOUND));
        assertThat(values.corrupt()).isCloseTo(1.988841963, within(BOUND));
    }

    @Test
    void changesAreTheEffectsTimesTheDistanceOfTheRuns() {
        var values = patching().residual().values();
        double distance = values.clean() - values.corrupt();
        double[][] change = values.change();
        assertThat(change).hasDimensions(values.effect().length, values.effect()[0].length);
        for (int row = 0; row < change.length; row++) {
            for (int column = 0; column < change[row].length; column++) {
                assertThat(change[row][column]).isCloseTo(values.effect()[row][column] * distance, within(1e-12));
            }
        }
    }

    /** The published numbers put corrupt values into the clean run. */
    @Test
    void everyEffectIsTheOneThatNumpyComputed() {
        var noising =
                new PromptPair(model, TinyOne.CLEAN, TinyOne.CORRUPT).swapped().answers(TinyOne.RIGHT, TinyOne.WRONG);
        assertChanges(noising.residual(), 0, 0, 1.070818, 0, 0, 0, 0);
        assertChanges(noising.residual(), 1, 0, 0.099352, 0.006032, -0.157010, -0.009887, 1.129546);
        assertChanges(noising.attention(), 0, 0, -0.000287, 0.006032, -0.157010, -0.009887, 1.129546);
        assertChanges(noising.mlp(), 0, 0, 0.046542, -0.002229, -0.126716, -0.001733, 0.276646);
        assertChanges(noising.attention(), 1, 0, 0, 0, 0, 0, -0.070227);
        assertChanges(noising.mlp(), 1, 0, 0, 0, 0, 0, 0.362579);
    }

    private static void assertChanges(PatchingGrid grid, int row, double... expected) {
        var values = grid.values();
        for (int column = 0; column < expected.length; column++) {
            assertThat(values.metric()[row][column] - values.corrupt())
                    .as("row %d, column %d", row, column)
                    .isCloseTo(expected[column], within(BOUND));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCellIsTheRunWithThatOneEdit(PatchedPart part) {
        double[][] grid = patching().grid(part).values().metric();
        assertThat(grid).hasDimensions(2, part == PatchedPart.HEAD ? 2 : 6);
        for (int block = 0; block < grid.length; block++) {
            Site site = part.site(block);
            Edit all = Edit.replace(site, model.activations(TinyOne.CLEAN, List.of(site)));
            for (int column = 0; column < grid[block].length; column++) {
                Edit one = part == PatchedPart.HEAD ? all.head(column) : all.positions(column);
                double naive = metric(new RunPlan(model, TinyOne.CORRUPT, Edits.of(one)));
                assertThat(grid[block][column]).as(one.toString()).isCloseTo(naive, within(BOUND));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void patchingARunIntoItselfChangesNoBit(PatchedPart part) {
        var same = new PromptPair(model, TinyOne.CLEAN, TinyOne.CLEAN).answers(TinyOne.RIGHT, TinyOne.WRONG);
        PatchingGrid grid = same.grid(part);
        assertThat(grid.isNormalised()).isFalse();
        for (double[] row : grid.values().metric()) {
            assertThat(row).containsOnly(grid.values().clean());
        }
        for (double[] row : grid.values().effect()) {
            assertThat(row).containsOnly(0);
        }
        assertThat(grid.explain().notes().toString()).contains("not divided");
    }

    /** With one token, one cell is the whole stream; its clean value makes the clean run. */
    @Test
    void theWholeStreamOfTheCleanRunGivesTheCleanMetric() {
        var pair = new PromptPair(model, TokenSequence.ofIds(3), TokenSequence.ofIds(5));
        for (double[] row :
                pair.answers(TinyOne.RIGHT, TinyOne.WRONG).residual().values().effect()) {
            assertThat(row[0]).isCloseTo(1, within(BOUND));
        }
        for (int depth = 0; depth < 2; depth++) {
            Site site = Site.residual(depth);
            Edit all = Edit.replace(site, model.activations(TinyOne.CLEAN, List.of(site)));
            assertThat(metric(new RunPlan(model, TinyOne.CORRUPT, Edits.of(all))))
                    .isCloseTo(metric(RunPlan.of(model, TinyOne.CLEAN)), within(BOUND));
        }
    }

    @Test
    void theLogProbabilityOfAnAnswerIsAMetricToo() {
        var values = new PromptPair(model, TinyOne.CLEAN, TinyOne.CORRUPT)
                .answer(TinyOne.RIGHT)
                .residual()
                .values();
        assertThat(values.clean()).isCloseTo(Math.log(0.574776), within(BOUND));
        assertThat(values.effect()[0][1]).as("the whole difference is token 1").isCloseTo(1, within(BOUND));
        assertThat(values.effect()[0][0]).isZero();
    }

    @Test
    void anInterruptKeepsTheCellsThatAreDone() {
        Thread.currentThread().interrupt();
        PatchingGrid grid = patching().residual(); // stops where the first row would begin to run
        assertThat(Thread.interrupted()).as("the interrupt was heard").isFalse();
        assertThat(grid.isComplete()).isFalse();
        assertThat(grid.values().effect()[0][0]).as("the same in both runs").isZero();
        assertThat(grid.values().effect()[0][1]).isNaN();
        assertThat(grid.values().effect()[1]).containsOnly(Double.NaN);
        assertThat(grid.table().plainText()).contains("stopped in row 0 of 2");
        assertThat(grid.explain().notes().toString()).contains("not complete");
        assertThat(grid.json()).contains("stopped in row 0 of 2", "NaN");
        assertThat(grid.plot().plainText()).isNotEmpty();
        RoundTrip.check(grid);
    }

    @Test
    void aGridTellsWhatItIs() {
        PatchingGrid grid = patching().heads();
        assertThat(grid.explain().formula()).contains("F clean - F corrupt");
        assertThat(grid.explain().facts()).containsEntry("F", "logit(#9) - logit(#2) after the last token");
        var spaced = new AnswerMetric.LogProbability(new Answer(9, "\u2423Paris"));
        assertThat(new PromptPair(model, TinyOne.CLEAN, TinyOne.CORRUPT)
                        .metric(spaced)
                        .heads()
                        .explain()
                        .facts())
                .containsEntry("F", "log p(\u2423Paris) after the last token");
        var fields = (Map<?, ?>) ((Map<?, ?>) Json.read(grid.json())).get("fields");
        var source = (Map<?, ?>) fields.get("source");
        assertThat(source.get("part")).isEqualTo("HEAD");
        assertThat((List<?>) fields.get("metric")).hasSize(2);
        assertThat(((Map<?, ?>) source.get("clean")).get("ids")).isEqualTo(List.of(0, 3, 7, 1, 9, 4));
        assertThat(grid.table().plainText()).contains("F clean 0.9180, F corrupt 1.9888");
        assertThat(grid.mimeBundle()).isNotEmpty();
        RoundTrip.check(grid);
        grid.values().effect()[0][0] = 99;
        assertThat(grid.values().effect()[0][0]).isNotEqualTo(99);
    }

    @Test
    void promptsOfTwoLengthsAreShownSideBySide() {
        assertThatThrownBy(() -> new PromptPair(model, TinyOne.CLEAN, TokenSequence.ofIds(0, 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompts of one length")
                .hasMessageContaining("  clean   | #0 | #3  | #7 | #1 | #9 | #4 | 6 tokens")
                .hasMessageContaining("  corrupt | #0 | #10 |    |    |    |    | 2 tokens");
        var pair = new PromptPair(model, TinyOne.CLEAN, TinyOne.CORRUPT);
        assertThatThrownBy(() -> pair.answers(9, 9)).hasMessageContaining("always 0");
        assertThatThrownBy(() -> pair.answers(9, 11)).hasMessage("token id 11: this model has ids 0..10");
    }
}
