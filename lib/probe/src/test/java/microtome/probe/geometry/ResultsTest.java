package microtome.probe.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import microtome.display.MimeTypes;
import microtome.probe.Prompts;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Measurement MEASUREMENT =
            new Measurement(Prompts.ofTokens(3), "last token, from the embedding to the last block", List.of("beware"));
    private static final Trajectory BENT = Trajectory.of(new double[][] {{1, 0}, {2, 0}, {2, 0}, {2, 1}, {1, 1}});

    @Test
    void everyResultShowsAPictureAndATableAndSaysWhatItIs() {
        for (var result : all(BENT)) {
            assertThat(result.mimeBundle()).containsKeys(MimeTypes.PLOTLY, MimeTypes.HTML);
            assertThat(result.mimeBundle())
                    .containsEntry(MimeTypes.TEXT, result.table().plainText());
            assertThat(result).hasToString(result.table().plainText());
            assertThat(result.plot().png()).isNotEmpty();
            var explanation = result.explain();
            assertThat(explanation.facts()).containsKeys("n", "points", "model", "device", "tokens", "library");
            assertThat(explanation.paper()).hasToString("https://arxiv.org/abs/2606.09287");
            assertThat(explanation.notes()).contains("beware");
        }
    }

    @Test
    void pathsTooShortAreShownWithTheReasonAndNeverAsZero() {
        for (int points = 1; points <= 2; points++) {
            var path = Trajectory.of(new double[][] {{1, 0}, {0, 1}}.clone());
            var result = new Curvature(points == 1 ? Trajectory.of(new double[][] {{1, 0}}) : path, MEASUREMENT);
            assertThat(result.mean().value()).isNaN();
            assertThat(result.table().plainText()).contains("NaN").contains(Reasons.TWO_POINTS);
            assertThat(result.explain().notes()).contains("the mean is NaN: " + Reasons.TWO_POINTS);
        }
        for (var result : all(Trajectory.of(new double[][] {{1, 0}}))) {
            assertThat(result.plot().png()).isNotEmpty();
            assertThat(result.toString()).isNotEmpty();
        }
    }

    @Test
    void aStepOfNothingIsLeftOutOfTheMeanAndCounted() {
        var curvature = new Curvature(BENT, MEASUREMENT);
        assertThat(curvature.values()).containsExactly(Double.NaN, Double.NaN, Math.PI / 2);
        assertThat(curvature.table().plainText())
                .contains("mean over n = 1 angles, 2 left out")
                .contains(Reasons.NO_DIRECTION);
        assertThat(curvature.explain().facts()).containsEntry("n", "1").containsEntry("left out", "2");
    }

    @Test
    void theSummaryHoldsTheMetricsOfThePath() {
        var summary = new GeometrySummary(BENT, MEASUREMENT).values();
        assertThat(summary.length()).isEqualTo(BENT.length());
        assertThat(summary.unitLength()).isEqualTo(BENT.unitLength());
        assertThat(summary.velocity()).isEqualTo(3.0 / 4);
        assertThat(summary.curvature()).isEqualTo(Math.PI / 2);
        assertThat(new PathLength(BENT, MEASUREMENT).values()).isEqualTo(new PathLength.Values(3, BENT.unitLength()));
    }

    @Test
    void theFirstPositionIsAGapUntilItIsAskedFor() {
        double[][] values = {{900, 1, 2}, {800, 3, 4}};
        var map = new PositionMap(PositionQuantity.VELOCITY, List.of("emb→1", "1→2"), values, MEASUREMENT, false);
        assertThat(map.values()).isDeepEqualTo(values);
        assertThat(map.table().plainText()).doesNotContain("t0").contains("position 0 is left out");
        assertThat(map.plot().plainText()).contains("2 NaN");
        assertThat(map.withFirstPosition().table().plainText()).contains("t0").contains("900");
        assertThat(map.withFirstPosition().plot().plainText()).doesNotContain("NaN");
        assertThat(map.explain().facts()).containsEntry("n", "6");
    }

    @Test
    void aPromptOfOneTokenKeepsItWithAWarning() {
        var measurement = new Measurement(Prompts.ofTokens(1), "every position", List.of());
        var map =
                new PositionMap(PositionQuantity.COSINE, List.of("emb→1"), new double[][] {{0.5}}, measurement, false);
        assertThat(map.table().plainText()).contains("t0").contains("the prompt has one token, which is kept");
        assertThat(map.plot().plainText()).doesNotContain("NaN");
    }

    @Test
    void everyResultBecomesJsonAndComesBack() {
        all(BENT).forEach(RoundTrip::check);
        all(Trajectory.of(new double[][] {{1, 0}})).forEach(RoundTrip::check);
        double[][] values = {{900, 1, Double.NaN}};
        var map = new PositionMap(PositionQuantity.VELOCITY, List.of("emb→1"), values, MEASUREMENT, false);
        RoundTrip.check(map);
        RoundTrip.check(map.withFirstPosition());
    }

    @Test
    void aMapWithoutAnyValueIsAGapAndNoError() {
        var map = new PositionMap(PositionQuantity.CURVATURE, List.of(), new double[0][], MEASUREMENT, false);
        assertThat(map.plot().plainText()).contains("no finite value");
        assertThat(map.table().rows()).isEmpty();
    }

    private static List<ProbeResult<?>> all(Trajectory path) {
        return Stream.<ProbeResult<?>>of(
                        new PathLength(path, MEASUREMENT),
                        new Velocity(path, MEASUREMENT),
                        new Curvature(path, MEASUREMENT),
                        new LayerCosine(path, MEASUREMENT),
                        new GeometrySummary(path, MEASUREMENT))
                .toList();
    }
}
