package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import microtome.probe.data.ModelFacts;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Similarity ONE = Similarity.of(
            List.of(
                    Representation.of("emb", Golden.A),
                    Representation.of("1", Golden.B),
                    Representation.of("2", Golden.C)),
            Origin.given("check numbers"));
    private static final Similarity TWO = Similarity.between(
            List.of(Representation.of("emb", Golden.A), Representation.of("1", Golden.B)),
            List.of(
                    Representation.of("emb", Golden.C),
                    Representation.of("1", Golden.B),
                    Representation.of("2", Golden.A)),
            new Origin(
                    List.of(
                            new ModelFacts("small", "", "F32", "none", "0"),
                            new ModelFacts("large", "", "F32", "none", "0")),
                    "check numbers",
                    "",
                    List.of()));

    @Test
    void everyResultSurvivesJson() {
        for (Similarity plan : List.of(ONE, TWO)) {
            RoundTrip.check(plan.cka());
            RoundTrip.check(plan.biasedCka());
            RoundTrip.check(plan.cca());
            RoundTrip.check(plan.svcca(0.9));
            RoundTrip.check(plan.pwcca());
            RoundTrip.check(plan.procrustes());
        }
    }

    @Test
    void aModelWithItselfIsSymmetricWithOnesOnTheDiagonal() {
        for (SimilarityMatrix found : List.of(ONE.cka(), ONE.biasedCka(), ONE.cca(), ONE.svcca(), ONE.procrustes())) {
            double[][] matrix = found.values().matrix();
            for (int i = 0; i < 3; i++) {
                assertThat(matrix[i][i]).isCloseTo(1, within(1e-12));
                for (int j = 0; j < 3; j++) {
                    assertThat(matrix[i][j]).isCloseTo(matrix[j][i], within(1e-12));
                }
            }
            assertThat(found.values().neighbours()).containsExactly(matrix[0][1], matrix[1][2]);
        }
        assertThat(ONE.cka().values().neighbours()[0]).isCloseTo(.627348, within(5e-7));
        assertThat(ONE.pwcca().values().matrix()[0][1]).isCloseTo(.889737, within(5e-7));
        assertThat(ONE.pwcca().values().matrix()[1][0]).isCloseTo(.894494, within(5e-7));
    }

    @Test
    void theHeatMapReachesFromZeroToOne() {
        String tree = ONE.cka().plot().tree().toString();
        assertThat(tree).contains("zmin=0", "zmax=1");
        assertThat(ONE.cka().plot().png()).isNotEmpty();
        assertThat(ONE.cka().values().matrix()[1][1]).isEqualTo(1); // beyond 1 by rounding it would be marked
        assertThat(ONE.cka().neighboursPlot().png()).isNotEmpty();
        assertThat(ONE.procrustes().neighbours().plainText()).contains("emb→1", "0.7512", "0.7055", "0.7210");
    }

    @Test
    void twoModelsHaveBestMatches() {
        SimilarityMatrix found = TWO.cka();
        assertThat(found.values().matrix()).hasDimensions(2, 3);
        assertThat(found.values().neighbours()).isEmpty();
        assertThat(found.values().matrix()[1][1]).isCloseTo(1, within(1e-12));
        assertThat(found.neighbours().plainText()).contains("layer of small", "best match in layer of large");
        assertThat(found.neighbours().rows().getFirst().get(1).value()).isEqualTo("2");
        assertThat(found.explain().facts()).containsEntry("model", "small").containsEntry("model 2", "large");
        assertThat(found.mean().value()).isCloseTo(1, within(1e-12));
        assertThat(found.neighboursPlot().png()).isNotEmpty();
    }

    @Test
    void explanationsSayWhatWasComputed() {
        var explained = ONE.svcca().explain();
        assertThat(explained.name()).isEqualTo("SVCCA 99 %");
        assertThat(explained.facts())
                .containsEntry("components kept", "[6, 4, 6]")
                .containsEntry("inputs", "check numbers; 20 rows compared")
                .containsEntry("n", "9");
        assertThat(explained.paper()).hasToString("https://arxiv.org/abs/1706.05806");
        assertThat(ONE.pwcca().explain().notes()).anyMatch(note -> note.contains("not symmetric"));
        assertThat(ONE.cka().explain().formula()).contains("not clipped");
    }

    @Test
    void fewerLayersKeepTheLast() {
        assertThat(ONE.every(2).cka().explain().facts()).containsEntry("layers", "[emb, 2]");
        assertThat(ONE.every(5).cka().values().matrix()).hasDimensions(1, 1);
        assertThat(ONE.every(5).cka().neighbours().rows()).isEmpty();
        assertThat(ONE.every(5).cka().neighboursPlot().png()).isNotEmpty();
        RoundTrip.check(ONE.every(5).cka());
    }

    @Test
    void promptsOfTwoModelsMustBeTheSame() {
        PromptStates first = states("a", "b");
        assertThat(Similarity.between(first, states("a", "b"))
                        .biasedCka()
                        .values()
                        .matrix())
                .hasDimensions(1, 1);
        assertThatThrownBy(() -> Similarity.between(first, states("a", "c")))
                .hasMessage(
                        "prompt 1 is 'b' for the first model and 'c' for the second; send the same prompt set through both");
        assertThatThrownBy(() -> Similarity.between(first, states("a", "b", "c")))
                .hasMessageContaining("row i of both must belong to the same input");
    }

    private static PromptStates states(String... texts) {
        var random = new Random(texts.length);
        var rows = new float[texts.length][3];
        for (float[] row : rows) {
            for (int i = 0; i < 3; i++) {
                row[i] = random.nextFloat();
            }
        }
        var set = new PromptSet(
                "letters",
                java.util.Arrays.stream(texts).map(text -> Prompt.of(text, "")).toList(),
                List.of());
        return new PromptStates(set, List.of("emb"), new float[][][] {rows}, Origin.given("letters"));
    }
}
