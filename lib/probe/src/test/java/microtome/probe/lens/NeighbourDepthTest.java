package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class NeighbourDepthTest {
    private static final int EACH = 6;

    @Test
    void findsTheLayerInWhichClassesWerePlanted() {
        NeighbourDepth found = NeighbourDepth.of(states(2));
        assertThat(found.values().depths()).containsOnly(2);
        assertThat(found.values().accuracy()[2]).isEqualTo(1);
        assertThat(found.values().accuracy()[0]).isLessThan(0.5);
        assertThat(found.mean().value()).isEqualTo(2);
        assertThat(found.explain().facts()).containsEntry("neighbours", "5").containsEntry("left out", "0");
        assertThat(found.accuracyPlot().png()).isNotEmpty();
        RoundTrip.check(found);
    }

    @Test
    void isZeroWhereTheFirstLayerHasThemAlready() {
        assertThat(NeighbourDepth.of(states(0)).values().depths()).containsOnly(0);
    }

    @Test
    void aPredictionThatTheLastVoteContradictsIsMissing() {
        PromptStates states = states(2);
        List<String> predictions = IntStream.range(0, 2 * EACH)
                .mapToObj(
                        prompt -> prompt == 0 ? "b" : states.prompts().labels().get(prompt))
                .toList();
        NeighbourDepth found = NeighbourDepth.of(states, predictions);
        assertThat(found.values().depths()[0]).isEqualTo(states.layers().size());
        assertThat(found.mean().leftOut()).isEqualTo(1);
        assertThat(found.table().plainText()).contains("the neighbours in the last layer vote otherwise");
        RoundTrip.check(found);
    }

    @Test
    void saysWhatIsMissing() {
        var one = PromptSet.of("one class", Map.of("a", List.of("x", "y")));
        assertThatThrownBy(() -> NeighbourDepth.of(of(one)))
                .hasMessageContaining("has one class, 'a'")
                .hasMessageContaining("at least two labels");
        var classes = new LinkedHashMap<String, List<String>>();
        classes.put("a", List.of("x", "y"));
        classes.put("b", List.of("z"));
        assertThatThrownBy(() -> NeighbourDepth.of(of(PromptSet.of("single", classes))))
                .hasMessage(
                        "class 'b' has one prompt, which no neighbour of its class can vote for; give at least two");
        assertThatThrownBy(() -> NeighbourDepth.of(states(1), List.of("a")))
                .hasMessage("1 predictions for 12 prompts; give one for each");
        assertThatThrownBy(() -> NeighbourDepth.of(states(1), java.util.Collections.nCopies(12, "c")))
                .hasMessageContaining("'c' is no class")
                .hasMessageContaining("[a, b]");
    }

    private static PromptStates of(PromptSet set) {
        return new PromptStates(set, List.of("emb"), new float[1][set.size()][1], Origin.given("made up"));
    }

    /**
     * Two classes on a line, one after the other from a layer on; before it every prompt stands among those of the other
     * class, whose neighbours vote against it.
     */
    private static PromptStates states(int planted) {
        var texts = new LinkedHashMap<String, List<String>>();
        texts.put("a", IntStream.range(0, EACH).mapToObj(i -> "a" + i).toList());
        texts.put("b", IntStream.range(0, EACH).mapToObj(i -> "b" + i).toList());
        var layers = new float[4][2 * EACH][1];
        for (int layer = 0; layer < 4; layer++) {
            for (int prompt = 0; prompt < 2 * EACH; prompt++) {
                boolean first = prompt < EACH;
                layers[layer][prompt][0] =
                        layer >= planted ? (first ? 0 : 100) + prompt : 10 * (prompt % EACH) + (first ? 0 : 1);
            }
        }
        return new PromptStates(
                PromptSet.of("planted", texts), Arrays.asList("emb", "1", "2", "3"), layers, Origin.given("made up"));
    }
}
