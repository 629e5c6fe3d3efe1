package microtome.probe.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import microtome.display.MimeTypes;
import microtome.probe.Prompts;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final LensGrid TWO_BY_TWO = new LensGrid(Prompts.ofTokens(2), 2, 0);
    private static final Word PARIS = new Word(" Paris", "␣Paris");
    private static final LensTop TOP = new LensTop(
            TWO_BY_TWO,
            new LensTop.Values(
                    new int[][][] {{{7, 8}, {8, 7}}, {{7, 8}, {9, 8}}},
                    new float[][][] {{{3, 2}, {3, 2}}, {{3, 2}, {5, 1}}},
                    new double[][][] {{{0.5, 0.25}, {0.5, 0.25}}, {{0.5, 0.25}, {0.75, 0.0001}}},
                    new double[][] {{4, 4}, {4, 5.3}}),
            Map.of(7, new Word(" a", "␣a"), 8, new Word("\n", "⏎"), 9, PARIS));
    private static final LensToken TOKEN = new LensToken(
            TWO_BY_TWO,
            9,
            PARIS,
            100,
            new LensToken.Values(
                    new int[][] {{100, 50}, {10, 1}},
                    new double[][] {{0.001, 0.01}, {0.1, 0.75}},
                    new float[][] {{-2, -1}, {1, 5}}));

    @Test
    void theTableSaysTheTokenAndItsProbability() {
        assertThat(TOP.table().plainText())
                .contains("␣Paris 0.750")
                .contains("⏎ 0.500")
                .contains("emb");
        assertThat(TOP.table().rows().getLast().getFirst().value()).isEqualTo("1");
    }

    @Test
    void theListShowsTheRanksOfOnePosition() {
        assertThat(TOP.list().plainText()).contains("after t1 (position 1)").contains("␣Paris 0.750  ⏎ 1e-04");
        assertThat(TOP.list(0).plainText()).contains("after t0 (position 0)").doesNotContain("Paris");
        assertThat(TOP.token(1, 1, 0)).isEqualTo(" Paris");
    }

    @Test
    void theHeatMapHoldsTokensAndProbabilities() {
        assertThat(TOP.plot().plainText()).contains("heat map 2 x 2").contains("0.5..0.75");
        assertThat(TOP.plot().png()).isNotEmpty();
        assertThat(TOP.mimeBundle()).containsEntry(MimeTypes.TEXT, TOP.table().plainText());
        assertThat(TOP).hasToString(TOP.table().plainText());
    }

    @Test
    void oneTokenHasRankProbabilityAndLogit() {
        assertThat(TOKEN.table().plainText()).contains("␣Paris").contains("100").contains("50");
        assertThat(TOKEN.list().plainText()).contains("0.75").contains("after t1");
        assertThat(TOKEN.plot().plainText()).contains("0..2"); // log10 of 1 and of 100
        assertThat(TOKEN.plot(LensMeasure.PROBABILITY).plainText()).contains("0.001..0.75");
        assertThat(TOKEN.line().plainText()).contains("1 line").contains("1..50");
        assertThat(TOKEN.line(LensMeasure.PROBABILITY, 0).plainText()).contains("0.001..0.1");
        assertThat(TOKEN.line().png()).isNotEmpty();
    }

    @Test
    void everyResultSaysWhatItIs() {
        assertThat(TOP.explain().facts()).containsKeys("n", "model", "sha256", "device", "tokens", "library");
        assertThat(TOP.explain().paper()).hasToString("https://arxiv.org/abs/2303.08112");
        assertThat(TOKEN.explain().facts()).containsEntry("token id", "9").containsEntry("n", "4");
    }

    @Test
    void valuesAreCopies() {
        TOP.values().ids()[1][1][0] = 0;
        assertThat(TOP.values().ids()[1][1][0]).isEqualTo(9);
        TOKEN.values().ranks()[1][1] = 0;
        assertThat(TOKEN.values().ranks()[1][1]).isEqualTo(1);
    }

    @Test
    void everyResultBecomesJsonAndComesBack() {
        RoundTrip.check(TOP);
        RoundTrip.check(TOKEN);
    }

    @Test
    void saysWhichPositionsWereRead() {
        assertThatThrownBy(() -> TOP.list(2)).hasMessage("position 2: the lens read positions 0..1 of 2");
        var last = new LensGrid(Prompts.ofTokens(3), 2, 2);
        assertThatThrownBy(() -> last.column(1))
                .hasMessage(
                        "position 1: the lens read positions 2..2 of 3; read all with positions(LensPositions.ALL)");
        assertThatThrownBy(() -> TOP.token(2, 0, 0))
                .hasMessage("token at depth 2, rank 0: depths are 0..1, ranks 0..1");
    }
}
