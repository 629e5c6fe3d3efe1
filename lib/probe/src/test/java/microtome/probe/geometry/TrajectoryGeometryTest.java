package microtome.probe.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.Goldens;
import microtome.probe.data.Average;
import microtome.probe.data.PositionRule;
import microtome.probe.data.Vectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against the real model: numpy computed the metrics in float64 from the hidden states of transformers. Every tolerance
 * follows from one number, the relative distance of a point that the reference's page allows in float32.
 */
class TrajectoryGeometryTest {
    private static final double POINT = 1e-5;

    private static LanguageModel model;
    private static TokenSequence tokens;

    @BeforeAll
    static void load() {
        model = BundledModel.get();
        tokens = BundledModel.tokens("capital");
    }

    static Stream<Map.Entry<String, TrajectoryOptions>> plans() {
        TrajectoryOptions plain = TrajectoryOptions.DEFAULT;
        return Stream.of(
                Map.entry("default", plain),
                Map.entry("defaultWithFinalNorm", plain.ending(Ending.FINAL_NORM_ADDED)),
                Map.entry("code", TrajectoryOptions.CODE),
                Map.entry("paper", TrajectoryOptions.PAPER),
                Map.entry("meanWithoutFirst", plain.rule(PositionRule.MEAN_WITHOUT_FIRST)),
                Map.entry("position2", plain.rule(PositionRule.position(2))));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void everyPlanAgreesWithNumpy(Map.Entry<String, TrajectoryOptions> plan) {
        JsonNode golden = Goldens.at("geometry", plan.getKey());
        var geometry = TrajectoryGeometry.of(model, tokens).preset(plan.getValue());
        Trajectory path = geometry.trajectory();
        double[] steps = Goldens.numbers(golden.get("steps"));
        double[] stepErrors = stepErrors(path);
        assertAllClose(geometry.velocity().values().raw(), steps, stepErrors);
        assertAllClose(
                geometry.velocity().values().unit(),
                Goldens.numbers(golden.get("unitSteps")),
                repeated(2 * POINT, steps.length));
        assertAllClose(
                geometry.cosine().values().neighbours(),
                Goldens.numbers(golden.get("cosines")),
                repeated(2 * POINT, steps.length));
        double[] angleErrors = IntStream.range(1, steps.length)
                .mapToDouble(i -> stepErrors[i - 1] / steps[i - 1] + stepErrors[i] / steps[i])
                .toArray();
        assertAllClose(geometry.curvature().values(), Goldens.numbers(golden.get("angles")), angleErrors);
        GeometrySummary.Values summary = geometry.summary().values();
        assertThat(summary.length())
                .isCloseTo(
                        golden.get("length").doubleValue(),
                        within(DoubleStream.of(stepErrors).sum()));
        assertThat(summary.unitLength())
                .isCloseTo(golden.get("unitLength").doubleValue(), within(2 * POINT * steps.length));
        assertThat(summary.curvature())
                .isCloseTo(
                        golden.get("meanAngle").doubleValue(),
                        within(Average.of(angleErrors).value()));
        assertThat(geometry.length().values()).isEqualTo(new PathLength.Values(summary.length(), summary.unitLength()));
    }

    @Test
    void theCosineMatrixAgreesWithNumpy() {
        double[][] ours = TrajectoryGeometry.of(model, tokens).cosine().values().matrix();
        double[][] golden = Goldens.rows(Goldens.at("matrix"));
        int[] depths = {0, 1, 15, 30};
        for (int row = 0; row < depths.length; row++) {
            for (int column = 0; column < depths.length; column++) {
                assertThat(ours[depths[row]][depths[column]]).isCloseTo(golden[row][column], within(2 * POINT));
            }
        }
    }

    @Test
    void everyColumnOfAMapIsThePathOfItsPosition() {
        var geometry = TrajectoryGeometry.of(model, tokens);
        double[][] curvature = geometry.curvatureByPosition().values();
        double[][] velocity = geometry.velocityByPosition().values();
        assertThat(curvature).hasDimensions(29, 5);
        assertThat(velocity).hasDimensions(30, 5);
        for (int position = 0; position < 5; position++) {
            var alone = geometry.position(position);
            assertThat(column(curvature, position))
                    .containsExactly(alone.curvature().values());
            assertThat(column(velocity, position))
                    .containsExactly(alone.velocity().values().raw());
        }
    }

    @Test
    void theMassiveFirstPositionIsLeftOutOfMapsAndWarnedOfInMeans() {
        var geometry = TrajectoryGeometry.of(model, tokens);
        assertThat(geometry.curvatureByPosition().table().plainText())
                .doesNotContain("The")
                .contains("position 0 is left out");
        assertThat(geometry.preset(TrajectoryOptions.PAPER).length().explain().plainText())
                .contains("massive activation");
        assertThat(geometry.length().explain().plainText()).doesNotContain("massive activation");
        double mean = geometry.position(PositionRule.MEAN).length().values().raw();
        double without = geometry.position(PositionRule.MEAN_WITHOUT_FIRST)
                .length()
                .values()
                .raw();
        assertThat(mean).isGreaterThan(5 * without);
    }

    @Test
    void aPromptOfOneTokenKeepsItWithAWarning() {
        TokenSequence cat = model.tokenizer().encode("cat");
        assertThat(cat.size()).isEqualTo(1);
        var geometry = TrajectoryGeometry.of(model, cat);
        assertThat(geometry.summary().explain().plainText()).contains("massive activation");
        assertThat(geometry.position(PositionRule.MEAN_WITHOUT_FIRST).length().values())
                .isEqualTo(geometry.length().values());
        assertThat(geometry.velocityByPosition().table().plainText())
                .contains("the prompt has one token, which is kept");
    }

    @Test
    void anEmptyPromptSaysSo() {
        var nothing = TrajectoryGeometry.of(model, model.tokenizer().encode(""));
        assertThatThrownBy(nothing::summary).hasMessageContaining("the prompt has no tokens");
        assertThatThrownBy(nothing::curvatureByPosition).hasMessageContaining("the prompt has no tokens");
    }

    @Test
    void saysWhichPositionsThereAre() {
        assertThatThrownBy(
                        () -> TrajectoryGeometry.of(model, tokens).position(5).length())
                .hasMessage("position 5: the prompt has 5 tokens, valid are 0..4");
    }

    @Test
    void everyResultSaysWhereItComesFrom() {
        var facts = TrajectoryGeometry.of(model, tokens).summary().explain().facts();
        assertThat(facts)
                .containsEntry("points", "last token, from the embedding to the last block")
                .containsEntry("n", "31");
        assertThat(facts.get("model")).contains("smollm2-135m-instruct");
        assertThat(facts.get("tokens")).contains("␣France (4649)");
    }

    @Test
    void aPlanThatIsShownShowsItsSummary() {
        var geometry = TrajectoryGeometry.of(model, tokens);
        assertThat(geometry.plainText()).contains("mean curvature").contains("1.529");
        assertThat(geometry.toString())
                .contains("5 tokens")
                .contains("last token, from the embedding to the last block");
    }

    /** Both ends of a step may be off by their share. */
    private static double[] stepErrors(Trajectory path) {
        double[][] points = path.points();
        return IntStream.range(1, points.length)
                .mapToDouble(i -> POINT * (Vectors.norm(points[i - 1]) + Vectors.norm(points[i])))
                .toArray();
    }

    private static void assertAllClose(double[] actual, double[] expected, double[] errors) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("value %d", i).isCloseTo(expected[i], within(errors[i]));
        }
    }

    private static double[] repeated(double value, int count) {
        return DoubleStream.generate(() -> value).limit(count).toArray();
    }

    private static double[] column(double[][] rows, int column) {
        return Stream.of(rows).mapToDouble(row -> row[column]).toArray();
    }
}
