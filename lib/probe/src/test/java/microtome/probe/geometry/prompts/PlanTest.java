package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.probe.LetterModel;
import microtome.probe.data.PositionRule;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.geometry.TrajectoryGeometry;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans over a tiny random model that reads text. */
class PlanTest {
    private static final Resampling FEW = new Resampling(20, 20, 0.95, 42);
    private static final PromptSet SET = new PromptSet(
            "letters",
            List.of(
                    new Prompt("a hot bat", "x", "", "bat"),
                    new Prompt("a red bat", "x", "", "bat"),
                    new Prompt("the dog", "y", "", "dog"),
                    new Prompt("a small dog", "y", "", "dog"),
                    new Prompt("cat", "y", "", "cat")),
            List.of(new Pairing(0, 1, "bat", false), new Pairing(2, 3, "dog", true)));

    @TempDir
    static Path folder;

    private static LanguageModel model;

    @BeforeAll
    static void open() {
        model = LetterModel.open(folder, "reference");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static PromptGeometry plan() {
        return PromptGeometry.of(model, SET).resampling(FEW);
    }

    @Test
    void everyPathIsThatOfItsPromptAlone() {
        for (var rule : List.of(PositionRule.LAST, PositionRule.MEAN_WITHOUT_FIRST)) {
            PathSummary summary = plan().position(rule).summary();
            for (int prompt = 0; prompt < SET.size(); prompt++) {
                var alone = TrajectoryGeometry.of(
                                model, model.tokenizer().encode(SET.texts().get(prompt)))
                        .position(rule)
                        .summary()
                        .values();
                // States are rounded to F32 here and not there, and prompts of one length run together.
                assertThat(summary.of(PathScalar.LENGTH)[prompt]).isCloseTo(alone.length(), withPercentage(1e-3));
                assertThat(summary.of(PathScalar.CURVATURE)[prompt]).isCloseTo(alone.curvature(), withPercentage(1e-3));
            }
        }
    }

    @Test
    void presetsTakeTheirPoints() {
        assertThat(plan().states().layers()).containsExactly("emb", "1", "2");
        assertThat(plan().preset(ComparisonOptions.CODE).states().layers()).containsExactly("1", "final");
        assertThat(plan().preset(ComparisonOptions.PAPER).states().layers()).containsExactly("emb", "1", "final");
        assertThat(plan().withFinalNorm().states().layers()).containsExactly("emb", "1", "2", "final");
    }

    @Test
    void aPlanRunsTheModelOnce() {
        PromptGeometry plan = plan();
        assertThat(plan.states()).isSameAs(plan.raw().states());
        assertThat(plan.states()).isNotSameAs(plan.withFinalNorm().states());
    }

    @Test
    void aPromptOfOneTokenIsKeptWithAWarning() {
        assertThat(plan().summary().explain().plainText()).contains("one token, such as 'cat', which is kept");
        assertThat(plan().position(PositionRule.MEAN).summary().explain().plainText())
                .contains("position 0");
    }

    @Test
    void wordsMustStandAtOnePositionUnlessAskedFor() {
        var unequal = new PromptSet("unequal", SET.prompts(), List.of(new Pairing(2, 3, "dog", false)));
        PromptGeometry plan = PromptGeometry.of(model, unequal);
        assertThatThrownBy(plan::bifurcation)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pair 'dog': the word ends at token")
                .hasMessageContaining("wordsAt(WordAlignment.ANY_POSITION)");
        Bifurcation result = plan.wordsAt(WordAlignment.ANY_POSITION).bifurcation();
        assertThat(result.values()).hasSize(1);
        assertThat(result.explain().plainText()).contains("1 of 1 pairs have their word at two positions");
    }

    @Test
    void theWordsOfAPairAreReadWhereTheyStand() {
        var aligned = new PromptSet("aligned", SET.prompts(), List.of(new Pairing(0, 1, "bat", false)));
        Bifurcation result = PromptGeometry.of(model, aligned).bifurcation();
        Fork bat = result.values().getFirst();
        assertThat(bat.delta()[0]).as("the same token before any context").isEqualTo(0);
        assertThat(bat.delta()[2]).isPositive();
        assertThat(bat.base()).isEqualTo(1);
        assertThat(result.explain().facts().get("points")).startsWith("last token of the word");
        RoundTrip.check(result);
    }

    @Test
    void aRandomNetworkHasAnotherGeometryAndIsNamed() {
        PathSummary random = plan().under(Control.randomNetwork(0)).summary();
        assertThat(random.of(PathScalar.LENGTH)).isNotEqualTo(plan().summary().of(PathScalar.LENGTH));
        assertThat(random.of(PathScalar.LENGTH)).doesNotContain(Double.NaN);
        assertThat(random.explain().facts().get("model")).contains("weights drawn anew with seed 0");
        assertThat(random.explain().facts()).containsEntry("control", "random network, seed 0");
        assertThat(plan().under(Control.randomNetwork(0)).summary().json()).isEqualTo(random.json());
    }

    @Test
    void allControlsAreInOneTable() {
        ControlTable table = plan().controls();
        assertThat(table.values()).hasSize(7);
        for (ControlTable.Row row : table.values()) {
            assertThat(row.reason()).isEmpty();
            assertThat(row.length()).isPositive();
        }
        double real = table.values().getFirst().curvature();
        assertThat(table.of(Control.labelPermutation(42)).curvature()).isEqualTo(real);
        assertThat(table.of(Control.layerShuffle(1)).curvature()).isNotEqualTo(real);
        RoundTrip.check(table);
    }

    @Test
    void numbersThatTheModelBrokeAreNamedBySite() {
        var broken = PromptSet.of("broken", Map.of("x", List.of("a # b")));
        assertThatThrownBy(() -> PromptGeometry.of(model, broken)
                        .position(PositionRule.MEAN)
                        .summary())
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("residual.0 of prompt 0 'a # b'");
    }
}
