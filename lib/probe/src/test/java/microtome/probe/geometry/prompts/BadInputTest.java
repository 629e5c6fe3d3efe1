package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import microtome.display.Figure;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private static final Resampling FEW = new Resampling(20, 20, 0.95, 42);

    private static PromptGeometry plan(int layers, MadeUp.Numbers numbers, String... labels) {
        return PromptGeometry.of(MadeUp.states(layers, 4, numbers, labels)).resampling(FEW);
    }

    @Test
    void oneLabelHasNoConvergenceAndSaysSoInTableAndPicture() {
        var plan = plan(3, MadeUp.normal(1), "a", "a", "a");
        assertNoValue(plan.convergence(), plan.convergence().plot(), "all prompts have one label, 'a'");
        assertNoValue(plan.silhouette(), plan.silhouette().plot(), "all prompts have one label, 'a'");
        assertThat(plan.convergence().values().index()).containsOnly(Double.NaN);
        assertThat(plan.convergence().promptTable().plainText()).contains("all prompts have one label, 'a'");
        assertThat(plan.convergence().promptPlot().png()).isNotEmpty();
        assertThatThrownBy(() -> plan.groups(PathScalar.LENGTH))
                .hasMessage("groups: all 3 prompts have the label 'a'; give prompts of at least two labels");
    }

    @Test
    void onePromptPerLabelHasNoDistanceWithin() {
        var plan = plan(3, MadeUp.normal(1), "a", "b", "c");
        String reason = "every label has one prompt; distances within a class need two of at least one label";
        assertNoValue(plan.convergence(), plan.convergence().plot(), reason);
        assertNoValue(plan.silhouette(), plan.silhouette().plot(), reason);
        assertThat(plan.velocity().values().low()[0]).containsOnly(Double.NaN);
        assertThat(plan.velocity().table().plainText()).contains(Shown.NO_INTERVAL);
        assertThat(plan.velocity().plot().png()).isNotEmpty();
        assertThat(plan.groups(PathScalar.LENGTH).table().plainText()).contains("needs a number in both groups");
        RoundTrip.check(plan.groups(PathScalar.LENGTH));
        RoundTrip.check(plan.summary());
    }

    @Test
    void aPromptAloneInItsClassIsLeftOut() {
        var plan = plan(2, MadeUp.normal(1), "a", "a", "b");
        assertThat(plan.silhouette().values()[0][2]).isNaN();
        assertThat(plan.convergence().values().byPrompt()[0][2]).isNaN();
        assertThat(plan.convergence().values().index()[0]).isFinite();
        assertThat(plan.silhouette().table().plainText()).contains("alone in its class");
    }

    @Test
    void twoLayersHaveNoCurvatureAndOneLayerNoStep() {
        var two = plan(2, MadeUp.normal(1), "a", "a", "b", "b");
        String reason = "paths of 2 points: curvature needs at least 3 layers";
        assertNoValue(two.curvature(), two.curvature().plot(), reason);
        assertThat(two.summary().of(PathScalar.CURVATURE)).containsOnly(Double.NaN);
        assertThat(two.summary().of(PathScalar.LENGTH)).doesNotContain(Double.NaN);
        assertThat(two.summary().table().plainText()).contains("mean curvature needs at least 3 layers; there are 2");
        assertThat(words(two.summary().plot(PathScalar.CURVATURE))).contains("needs at least 3 layers");
        assertThat(two.groups(PathScalar.CURVATURE).table().plainText()).contains("needs at least 3 layers");
        assertThat(two.groups(PathScalar.CURVATURE).plot().png()).isNotEmpty();
        var one = plan(1, MadeUp.normal(1), "a", "a", "b", "b");
        for (PathMetric metric : PathMetric.values()) {
            assertNoValue(one.lines(metric), one.lines(metric).plot(), "paths of 1 point:");
        }
        assertNoValue(one.similarity(), one.similarity().plot(), "a single layer has no neighbour");
        assertThat(one.convergenceMatrix().explain().notes()).anyMatch(note -> note.contains("a single layer"));
    }

    @Test
    void constantStatesHaveNoTurnsAndNoRanks() {
        var plan = plan(4, (layer, prompt, dimension) -> 1, "a", "a", "b", "b");
        assertThat(plan.curvature().values().byPrompt()[0]).containsOnly(Double.NaN);
        assertThat(plan.curvature().table().plainText()).contains("no direction");
        assertThat(plan.velocity().values().byPrompt()[0]).containsOnly(0);
        assertThat(plan.convergence().values().index()).containsOnly(0);
        assertNoValue(plan.similarity(), plan.similarity().plot(), "all numbers of both columns are equal");
        assertThat(plan.similarity().matrixPlot().png()).isNotEmpty();
        assertThat(plan.silhouette().table().plainText()).contains("every distance is 0");
        assertThat(plan.groups(PathScalar.LENGTH).values().getFirst().test().p())
                .isEqualTo(1);
        assertThat(plan.groups(PathScalar.LENGTH).values().getFirst().effect().value())
                .isNaN();
        RoundTrip.check(plan.controls(Control.gaussian(1)));
    }

    @Test
    void statesOfNothingHaveNoDirectionAndAreLeftOut() {
        var plan = plan(
                3,
                (layer, prompt, dimension) -> prompt == 0 ? 0 : MadeUp.normal(1).at(layer, prompt, dimension),
                "a",
                "a",
                "a",
                "b",
                "b");
        var convergence = plan.convergence();
        assertThat(convergence.values().byPrompt()[0][0]).isNaN();
        assertThat(convergence.values().index()[0]).isFinite();
        assertThat(convergence.table().rows().getFirst().get(6).value()).isEqualTo(4);
        assertThat(plan.cosine().values().byPrompt()[0]).containsOnly(Double.NaN);
        assertThat(plan.cosine().explain().facts()).containsEntry("values left out", "2");
        assertThat(plan.similarity().values().neighbours()).doesNotContain(Double.NaN);
        RoundTrip.check(convergence);
        var nothing = plan(3, (layer, prompt, dimension) -> 0, "a", "a", "b", "b");
        assertNoValue(nothing.convergence(), nothing.convergence().plot(), "has no direction");
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() {
        for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            var plan = plan(
                    3,
                    (layer, prompt, dimension) -> layer == 1 && prompt == 2 && dimension == 3 ? broken : 1,
                    "a",
                    "a",
                    "b");
            assertThatThrownBy(plan::summary)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("layer 1, prompt 2 ('prompt 2'), element 3 is " + (float) broken);
        }
    }

    @Test
    void pairsAreAskedForWhereTheyAreNeeded() {
        var plan = plan(3, MadeUp.normal(1), "a", "b");
        assertThatThrownBy(plan::stability)
                .hasMessageContaining("prompt set 'made up' has no pairs; give it pairs of wordings");
        assertThatThrownBy(plan::bifurcation).hasMessageContaining("prompt set 'made up' has no pairs");
    }

    @Test
    void aSinglePairHasAMeanAndNoBand() {
        var states = MadeUp.states(3, 4, MadeUp.normal(1), List.of(new Pairing(0, 1, "x", false)), "", "");
        var plan = PromptGeometry.of(states).resampling(FEW);
        assertThat(plan.stability().table().plainText()).contains(Shown.NO_INTERVAL);
        assertThat(plan.stability().plot().png()).isNotEmpty();
        assertThat(plan.bifurcation().test().reason()).contains("a group has no number");
        RoundTrip.check(plan.stability());
        RoundTrip.check(plan.bifurcation());
    }

    @Test
    void aSinglePromptIsNoError() {
        var plan = plan(3, MadeUp.normal(1), "a");
        assertThat(plan.summary().of(PathScalar.LENGTH)[0]).isPositive();
        assertNoValue(plan.convergence(), plan.convergence().plot(), "all prompts have one label");
        assertNoValue(plan.similarity(), plan.similarity().plot(), "needs at least 4 pairs");
        assertThat(plan.convergenceMatrix().values()).isDeepEqualTo(new double[][] {{0}});
    }

    @Test
    void givenStatesHaveNoNetworkToDrawAnew() {
        var plan = plan(3, MadeUp.normal(1), "a", "a", "b", "b");
        assertThatThrownBy(() -> plan.under(Control.randomNetwork(0)).summary())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("states that were given have no model");
        var table = plan.controls(Control.randomNetwork(0));
        assertThat(table.of(Control.randomNetwork(0)).length()).isNaN();
        assertThat(table.table().plainText()).contains("states that were given have no model");
        assertThatThrownBy(() -> table.of(Control.gaussian(5))).hasMessageContaining("is not in this table; there are");
    }

    @Test
    void drawsAndProjectionsSayWhatTheyNeed() {
        assertThatThrownBy(() -> new Resampling(0, 10, 0.95, 1)).hasMessageContaining("need at least 1 of each");
        assertThatThrownBy(() -> new Resampling(10, 10, 1, 1)).hasMessageContaining("a level between 0 and 1");
        assertThatThrownBy(() -> Control.principalComponents(0)).hasMessageContaining("need at least 1");
        assertThatThrownBy(() -> Control.randomProjection(0, 1)).hasMessageContaining("need at least 1");
    }

    /** A picture's title may stand in several lines. */
    private static String words(Figure picture) {
        return picture.tree().toString().replace("<br>", " ");
    }

    private static void assertNoValue(ProbeResult<?> result, Figure picture, String reason) {
        assertThat(result.table().plainText()).contains(reason);
        assertThat(words(picture)).contains(reason);
        assertThat(picture.png()).isNotEmpty();
        assertThat(result.explain().plainText()).contains(reason);
        RoundTrip.check(result);
    }
}
