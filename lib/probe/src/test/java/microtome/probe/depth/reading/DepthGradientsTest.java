package microtome.probe.depth.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import microtome.probe.Goldens;
import microtome.probe.Prompts;
import microtome.probe.data.Integration;
import microtome.probe.data.Quadrature;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DepthGradientsTest {
    private static AnsweredPrompt asked(LanguageModel model) {
        return AnsweredPrompt.of(model, Fixtures.prompt(), Fixtures.answer());
    }

    @ParameterizedTest
    @CsvSource({"llama-tied,reference", "llama-tied,cpu", "gpt2,cpu", "gemma2,cpu"})
    void theLeftSumIsThatOfTorch(String name, String backend) {
        try (var model = Fixtures.model(name, backend)) {
            var options = GradientOptions.PAPER.integration(new Integration(Quadrature.LEFT, Fixtures.steps()));
            DepthGradients.Values found =
                    asked(model).integratedGradients(options).values();
            JsonNode expected = Fixtures.expected(name).path("gradients");
            double[][] attributions = Goldens.rows(expected.path("attributions"));
            assertThat(found.attributions()).hasDimensions(4, 7);
            for (int depth = 0; depth < 4; depth++) {
                for (int position = 0; position < 7; position++) {
                    assertThat(found.attributions()[depth][position])
                            .as("depth %d, position %d", depth, position)
                            .isCloseTo(attributions[depth][position], within(Fixtures.NEAR));
                }
                assertThat(found.input()[depth])
                        .isCloseTo(Goldens.numbers(expected.path("input"))[depth], within(Fixtures.NEAR));
                assertThat(found.baseline()[depth])
                        .isCloseTo(Goldens.numbers(expected.path("baseline"))[depth], within(Fixtures.NEAR));
            }
        }
    }

    /** The sum rule: all positions move together, so their contributions make up the whole difference. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-tied", "gpt2", "gemma2"})
    void contributionsSumToTheDifference(String name) {
        try (var model = Fixtures.model(name, "cpu")) {
            for (boolean moveFirst : new boolean[] {false, true}) {
                DepthGradients.Values found = asked(model)
                        .integratedGradients(GradientOptions.DEFAULT
                                .integration(Integration.gaussLegendre(60))
                                .moveFirst(moveFirst))
                        .values();
                for (int depth = 0; depth < 4; depth++) {
                    assertThat(found.sum(depth))
                            .as("depth %d, first moves: %s", depth, moveFirst)
                            .isCloseTo(found.difference(depth), within(Fixtures.NEAR));
                }
            }
        }
    }

    @Test
    void theFirstPositionStaysUnlessItIsToldToMove() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            double[][] stays = asked(model).integratedGradients().values().attributions();
            double[][] moves = asked(model)
                    .integratedGradients(GradientOptions.DEFAULT.moveFirst(true).every(3))
                    .values()
                    .attributions();
            for (double[] row : stays) {
                assertThat(row[0]).isZero();
            }
            assertThat(moves[0][0]).isNotZero();
        }
    }

    @Test
    void theBaselineIsTheMeanOverWhatMoves() {
        float[] stream = {100, 200, 1, 2, 3, 6};
        assertThat(GradientWork.baseline(stream, 3, false)).containsExactly(100, 200, 2, 4, 2, 4);
        assertThat(GradientWork.baseline(new float[] {3, 6, 1, 2, 2, 1}, 3, true))
                .containsExactly(2, 3, 2, 3, 2, 3);
        assertThat(GradientWork.baseline(new float[] {3, 6}, 1, false)).containsExactly(3, 6);
    }

    /** One token is its own mean; so is one token again and again where positions are rotations. */
    @Test
    void whereBaselineAndInputAreTheSameAllIsZero() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            DepthGradients alone = AnsweredPrompt.of(model, TokenSequence.ofIds(17), TokenSequence.ofIds(3))
                    .integratedGradients();
            assertThat(alone.values().attributions()).isDeepEqualTo(new double[4][1]);
            assertThat(alone.values().gap(0)).isNaN();
            assertThat(alone.distrusted()).isEmpty();
            assertThat(alone.table().plainText()).contains("nothing to share out");
            RoundTrip.check(alone);
            DepthGradients same = AnsweredPrompt.of(model, TokenSequence.ofIds(9, 9, 9, 9), TokenSequence.ofIds(9))
                    .integratedGradients(GradientOptions.PAPER.integration(Integration.midpoint(3)));
            assertThat(same.values().attributions()[0]).containsOnly(0);
        }
    }

    @Test
    void aRowThatMissesItsSumRaisesAnAlarm() {
        var values = new DepthGradients.Values(
                new double[][] {{0.5, 0.1, 0.1}, {0, 0.2, 0.3}},
                new double[] {0.5, 0.5},
                new double[] {0, 0},
                new int[] {256, 256});
        var asked = new Asked(Prompts.ofTokens(3), List.of("x"), 2, "");
        var found = new DepthGradients(asked, GradientOptions.PAPER, List.of(0, 5), values);
        assertThat(found.distrusted()).containsExactly(0);
        assertThat(found.plot().tree().toString())
                .contains("NOT CONVERGED", "emb !")
                .contains("-0.3");
        assertThat(found.table().plainText()).contains("do not read depth emb");
        assertThat(found.explain().notes().toString()).contains("do not read depth emb");
        RoundTrip.check(found);
    }

    /** One midpoint misses the difference by far; with one step allowed that is said, with more it is mended. */
    @Test
    void stepsAreDoubledWhereTheSumMissesTheDifference() {
        try (var model = Fixtures.model("gpt2", "cpu")) {
            var one = GradientOptions.DEFAULT.integration(Integration.midpoint(1));
            DepthGradients coarse = asked(model).integratedGradients(one);
            DepthGradients fine = asked(model).integratedGradients(one.mostSteps(64));
            assertThat(coarse.distrusted()).isNotEmpty();
            assertThat(coarse.values().steps()).containsOnly(1);
            assertThat(fine.distrusted()).isEmpty();
            assertThat(Arrays.stream(fine.values().steps()).max().orElseThrow()).isGreaterThan(1);
            assertThat(fine.explain().plainText()).contains("midpoint, 1 steps, doubled up to 64 where needed");
        }
    }

    @Test
    void someDepthsCanBeLeftOutButNotTheLast() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            DepthGradients found = asked(model).integratedGradients(GradientOptions.DEFAULT.every(2));
            assertThat(found.depths()).containsExactly(0, 2, 3);
            assertThat(found.distrusted()).isEmpty();
            RoundTrip.check(found);
        }
        assertThatThrownBy(() -> GradientOptions.DEFAULT.every(0)).hasMessageContaining("give 1 for all");
        assertThatThrownBy(() -> DepthSteps.of(3, -1)).hasMessageContaining("give 1 for all");
    }

    @Test
    void anInterruptKeepsWhatIsDone() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            Thread.currentThread().interrupt();
            DepthGradients found = asked(model).integratedGradients();
            assertThat(Thread.interrupted()).isFalse();
            assertThat(found.values().attributions()[3]).containsOnly(Double.NaN);
            assertThat(found.table().plainText()).contains("stopped at depth emb");
            assertThat(found.distrusted()).isEmpty();
            RoundTrip.check(found);
        }
    }

    @Test
    void runsLeaveNothingOnTheEngine() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            asked(model).integratedGradients();
            long tensors = model.engine().liveTensors();
            asked(model).integratedGradients();
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
        }
    }
}
