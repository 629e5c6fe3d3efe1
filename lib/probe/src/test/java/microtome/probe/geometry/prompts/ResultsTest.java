package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import microtome.display.MimeTypes;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsTest {
    private static final List<Pairing> PAIRS =
            List.of(new Pairing(0, 1, "one", false), new Pairing(2, 3, "two", false), new Pairing(4, 5, "three", true));
    private static final Resampling FEW = new Resampling(50, 50, 0.9, 7);
    private static final PromptStates STATES =
            MadeUp.states(5, 6, MadeUp.normal(2), PAIRS, MadeUp.labels(3, "a", "b", "c"));

    static Stream<ProbeResult<?>> every() {
        return all(PromptGeometry.of(STATES).resampling(FEW));
    }

    static Stream<ProbeResult<?>> all(PromptGeometry plan) {
        return Stream.of(
                plan.summary(),
                plan.velocity(),
                plan.unitVelocity(),
                plan.curvature(),
                plan.cosine(),
                plan.layerCosines(),
                plan.groups(PathScalar.UNIT_LENGTH),
                plan.stability(),
                plan.convergence(),
                plan.convergenceMatrix(),
                plan.similarity(),
                plan.silhouette(),
                plan.bifurcation(),
                plan.controls(Control.gaussian(1), Control.layerShuffle(2), Control.randomNetwork(3)));
    }

    @ParameterizedTest
    @MethodSource("every")
    void becomesJsonAndComesBack(ProbeResult<?> result) {
        RoundTrip.check(result);
    }

    @ParameterizedTest
    @MethodSource("every")
    void showsAPictureAndATableAndSaysWhatItIs(ProbeResult<?> result) {
        assertThat(result.mimeBundle()).containsKeys(MimeTypes.PLOTLY, MimeTypes.HTML);
        assertThat(result).hasToString(result.table().plainText());
        assertThat(result.plot().png()).isNotEmpty();
        assertThat(result.explain().facts())
                .containsKeys("n", "points")
                .containsEntry("inputs", "made-up numbers")
                .containsEntry("points", "states as given, emb to 4");
        assertThat(result.explain().paper()).hasToString("https://arxiv.org/abs/2606.09287");
    }

    @Test
    void aControlIsNamedInTitleAndExplanation() {
        ConvergenceIndex result = PromptGeometry.of(STATES)
                .resampling(FEW)
                .under(Control.gaussian(9))
                .convergence();
        String label = "Gaussian with matched moments, seed 9";
        assertThat(result.explain().facts()).containsEntry("control", label);
        assertThat(result.table().plainText()).contains(label);
        RoundTrip.check(result);
    }

    @Test
    void bandsHoldTheMeanOfEachClass() {
        PathLines.Values values = PromptGeometry.of(STATES).velocity().values();
        assertThat(values.classes()).containsExactly("a", "b", "c");
        for (int label = 0; label < 3; label++) {
            for (int step = 0; step < 4; step++) {
                double mean = (values.byPrompt()[3 * label][step]
                                + values.byPrompt()[3 * label + 1][step]
                                + values.byPrompt()[3 * label + 2][step])
                        / 3;
                assertThat(values.mean()[label][step]).isCloseTo(mean, within(1e-12));
                assertThat(values.low()[label][step]).isLessThanOrEqualTo(mean);
                assertThat(values.high()[label][step]).isGreaterThanOrEqualTo(mean);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndAnotherOthers() {
        var plan = PromptGeometry.of(STATES);
        assertThat(plan.convergence().json()).isEqualTo(plan.convergence().json());
        double[] other = plan.resampling(ComparisonOptions.DEFAULT.resampling().seed(1))
                .convergence()
                .values()
                .permuted()
                .high();
        assertThat(other).isNotEqualTo(plan.convergence().values().permuted().high());
    }

    @Test
    void valuesAreCopies() {
        ConvergenceMatrix matrix = PromptGeometry.of(STATES).convergenceMatrix();
        matrix.values()[0][1] = 99;
        assertThat(matrix.values()[0][1]).isNotEqualTo(99);
        Stability stability = PromptGeometry.of(STATES).stability();
        stability.values()[0][0] = 99;
        assertThat(stability.values()[0][0]).isNotEqualTo(99);
    }

    @Test
    void presetsAreTheTwoReadingsOfThePaper() {
        assertThat(PromptGeometry.of(STATES).preset(ComparisonOptions.PAPER).toString())
                .contains("mean over all tokens", "Benjamini-Hochberg", "10000 resamples");
        assertThat(PromptGeometry.of(STATES).preset(ComparisonOptions.CODE).toString())
                .contains("last token, from the first block", "Holm-Bonferroni", "1000 resamples, 10000 permutations");
    }

    @Test
    void aPlanThatIsShownShowsItsSummary() {
        assertThat(PromptGeometry.of(STATES).plainText()).contains("mean curvature", "prompt 8");
    }
}
