package microtome.probe.concept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.Planted;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

/** States in which a concept is planted: not at all at the first layer, along one direction of growing length after it. */
class ConceptDepthTest {
    private static final int WIDTH = 12;
    private static final double[] LENGTHS = {0, 0, 1.5, 4, 4};

    private static PromptSet prompts(int each, String... labels) {
        var prompts = new ArrayList<Prompt>();
        for (int i = 0; i < each; i++) {
            for (String label : labels) {
                prompts.add(new Prompt("prompt %d of %s".formatted(i, label), label, "topic " + i, ""));
            }
        }
        return new PromptSet("planted", prompts, List.of());
    }

    private static PromptStates states(PromptSet set) {
        var random = new SplittableRandom(9);
        var states = new float[LENGTHS.length][set.size()][WIDTH];
        for (int layer = 0; layer < LENGTHS.length; layer++) {
            for (int row = 0; row < set.size(); row++) {
                for (int i = 0; i < WIDTH; i++) {
                    states[layer][row][i] = (float) Planted.normal(random);
                }
                int label = set.classes().indexOf(set.prompts().get(row).label());
                states[layer][row][label] += (float) LENGTHS[layer];
            }
        }
        return new PromptStates(set, List.of("emb", "1", "2", "3", "4"), states, Origin.given("planted numbers"));
    }

    @Test
    void aPlantedConceptIsFoundWhereItBegins() {
        ConceptDepth depth = ConceptDepth.of(states(prompts(60, "no", "yes")), ConceptOptions.DEFAULT);
        ConceptDepth.Values values = depth.values();
        assertThat(values.accuracy()[0]).isBetween(0.35, 0.65);
        assertThat(values.accuracy()[2]).isGreaterThan(0.75);
        assertThat(values.accuracy()[3]).isGreaterThan(0.97);
        assertThat(depth.indices().jump()).isEqualTo(2);
        assertThat(depth.indices().converging()).isEqualTo(4);
        assertThat(values.majority()).isCloseTo(0.5, within(1e-12));
        assertThat(values.control()[3]).isBetween(0.35, 0.65);
        assertThat(values.selectivity()[3]).isGreaterThan(0.3);
        assertThat(values.massMean()[3]).isGreaterThan(0.97);
        assertThat(values.bits()[3]).isLessThan(values.bits()[0] / 2);
        assertThat(values.low()[3]).isLessThan(values.accuracy()[3]);
    }

    @Test
    void theDirectionIsThatOfTheConcept() {
        ConceptDepth depth = ConceptDepth.of(states(prompts(60, "no", "yes")), ConceptOptions.DEFAULT);
        float[] direction = depth.direction("3");
        double length = 0;
        for (float each : direction) {
            length += each * each;
        }
        // 72 prompts leave noise in 10 other features; chance alone would be 1 / √12
        assertThat((direction[1] - direction[0]) / Math.sqrt(2 * length)).isGreaterThan(0.75);
        assertThat(depth.direction("3", "no")[1]).isEqualTo(-direction[1]);
        assertThatThrownBy(() -> depth.direction("7")).hasMessage("no layer '7'; there are emb, 1, 2, 3, 4");
        assertThatThrownBy(() -> depth.direction("3", "maybe")).hasMessage("no class 'maybe'; there are [no, yes]");
    }

    @Test
    void everyResultComesBackFromItsJson() {
        ConceptDepth depth = ConceptDepth.of(states(prompts(30, "no", "yes")), ConceptOptions.DEFAULT);
        RoundTrip.check(depth);
        RoundTrip.check(depth.confusion());
        RoundTrip.check(depth.projections());
        RoundTrip.check(ConceptComparison.of(List.of("one", "again"), List.of(depth, depth)));
        ConceptDepth three = ConceptDepth.of(states(prompts(30, "a", "b", "c")), ConceptOptions.DEFAULT.quick());
        RoundTrip.check(three);
        RoundTrip.check(three.confusion("3"));
        RoundTrip.check(three.projections("3"));
        assertThat(three.confusion("3").values()).hasDimensions(3, 3);
        assertThat(three.values().accuracy()[3]).isGreaterThan(0.9);
        assertThat(three.table().csv()).contains("emb");
        assertThat(three.explain().plainText()).contains("arxiv.org/abs/2404.07066");
    }

    @Test
    void thePictureNamesJumpAndConvergingPoint() {
        ConceptDepth depth = ConceptDepth.of(states(prompts(60, "no", "yes")), ConceptOptions.DEFAULT);
        assertThat(depth.plot().tree().toString())
                .contains("Concept depth of 'planted': jump 2/4, converging 4/4")
                .contains("control task, by group")
                .contains("majority")
                .contains("jump point 2");
    }

    @Test
    void aLayerThatIsBrokenOrConstantIsAGapWithItsReason() {
        PromptSet set = prompts(20, "no", "yes");
        PromptStates states = states(set);
        states.states()[1][5][3] = Float.NaN;
        for (float[] row : states.states()[2]) {
            Arrays.fill(row, 1);
        }
        ConceptDepth depth = RoundTrip.check(ConceptDepth.of(states, ConceptOptions.DEFAULT));
        assertThat(depth.values().accuracy()[1]).isNaN();
        assertThat(depth.values().accuracy()[2]).isNaN();
        assertThat(depth.values().accuracy()[3]).isGreaterThan(0.9);
        assertThat(depth.table().plainText())
                .contains("layer 1: feature 3 of sample 5 is NaN")
                .contains("layer 2: all prompts have the same vector");
        assertThat(depth.explain().notes()).anyMatch(note -> note.startsWith("layer 1: feature 3 of sample 5 is NaN"));
        assertThatThrownBy(() -> depth.confusion("1")).hasMessageContaining("nothing was read there: layer 1");
    }

    @Test
    void promptsThatTeachNothingAreRefusedBeforeAnythingIsFitted() {
        assertRefused(prompts(5, "yes"), "all 5 prompts have the label 'yes'; a concept needs at least two labels");
        assertRefused(prompts(1, "no", "yes"), "one prompt with the label 'no'");
        var unlabelled = new PromptSet(
                "planted",
                List.of(Prompt.of("a", "yes"), Prompt.of("b", ""), Prompt.of("c", "yes"), Prompt.of("d", "no")),
                List.of());
        assertRefused(unlabelled, "prompt 1 has no label");
        var grouped = new ArrayList<Prompt>();
        for (int i = 0; i < 4; i++) {
            grouped.add(new Prompt("n" + i, "no", "", ""));
            grouped.add(new Prompt("y" + i, "yes", "same", ""));
        }
        assertRefused(
                new PromptSet("planted", grouped, List.of()),
                "no sample of the class 'yes', of which there are 4 in 1 unit that stay together");
    }

    private static void assertRefused(PromptSet set, String message) {
        assertThatThrownBy(() -> ConceptDepth.of(states(set), ConceptOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void warnsOfFewPromptsAndOfMoreFeaturesThanPrompts() {
        ConceptDepth depth = ConceptDepth.of(states(prompts(6, "no", "yes")), ConceptOptions.DEFAULT);
        assertThat(depth.explain().notes())
                .anyMatch(note -> note.startsWith("only 6 prompts of the class 'no'"))
                .anyMatch(note -> note.startsWith("12 features, 8 training prompts"));
    }

    @Test
    void withoutControlItSaysSo() {
        var quick = ConceptOptions.DEFAULT
                .quick()
                .split(Split.STRATIFIED, 0.5)
                .seeds(3)
                .probe(LogisticOptions.RAW);
        ConceptDepth depth = ConceptDepth.of(states(prompts(20, "no", "yes")), quick);
        assertThat(depth.values().control()[3]).isNaN();
        assertThat(depth.table().plainText()).contains("not asked for");
    }

    @Test
    void curvesOfOtherLayersAreNotLaidOverEachOther() {
        PromptStates all = states(prompts(20, "no", "yes"));
        var fewer = new PromptStates(all.prompts(), List.of("emb", "1"), Arrays.copyOf(all.states(), 2), all.origin());
        ConceptOptions quick = ConceptOptions.DEFAULT.quick();
        assertThatThrownBy(() -> ConceptComparison.of(
                        List.of("deep", "shallow"),
                        List.of(ConceptDepth.of(all, quick), ConceptDepth.of(fewer, quick))))
                .hasMessageContaining("'deep' has 5 layers and 'shallow' 2");
    }
}
