package microtome.probe.concept.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Stream;
import microtome.probe.Goldens;
import microtome.probe.concept.evaluation.Evaluation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same numbers through scikit-learn in double precision; {@code environment/peers/probe_references.py} wrote them. */
class ScikitLearnTest {
    private static final double RELATIVE = 1e-6;

    static Stream<JsonNode> cases() throws IOException {
        try (var stream = ScikitLearnTest.class.getResourceAsStream("/concept/scikit-learn.json")) {
            return new ObjectMapper().readTree(stream).path("cases").valueStream();
        }
    }

    private static Samples samples(JsonNode reference) {
        Samples samples = Planted.shifted(
                reference.path("seed").longValue(),
                reference.path("samples").intValue(),
                reference.path("features").intValue(),
                reference.path("classes").intValue(),
                reference.path("scale").doubleValue());
        double[] first = Goldens.numbers(reference.path("first"));
        for (int i = 0; i < first.length; i++) {
            assertThat((double) samples.rows()[0][i]).isEqualTo(first[i]);
        }
        return samples;
    }

    private static Samples training(JsonNode reference) {
        return samples(reference).between(0, reference.path("training").intValue());
    }

    private static LogisticOptions options(JsonNode reference) {
        return LogisticOptions.DEFAULT
                .strength(reference.path("strength").doubleValue())
                .standardise(reference.path("standardise").booleanValue())
                .until(1e-12, 200);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsAndObjectiveAgree(JsonNode reference) {
        checkFit(reference, LogisticRegression.fit(training(reference), options(reference)));
    }

    private static void checkFit(JsonNode reference, LogisticFit fit) {
        assertThat(fit.converged()).as(fit.remark()).isTrue();
        double objective = reference.path("objective").doubleValue();
        assertThat(fit.objective()).isCloseTo(objective, within(1e-9 * objective));
        double[][] weights = Goldens.rows(reference.path("weights"));
        double[] biases = Goldens.numbers(reference.path("biases"));
        for (int row = 0; row < weights.length; row++) {
            double bound = RELATIVE * Additions.largest(weights[row]);
            assertThat(fit.probe().weights()[row]).containsExactly(weights[row], within(bound));
            assertThat(fit.probe().biases()[row])
                    .isCloseTo(biases[row], within(RELATIVE * Math.max(1, Math.abs(biases[row]))));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theJudgementAgrees(JsonNode reference) {
        Samples all = samples(reference);
        LinearProbe probe =
                LogisticRegression.fit(training(reference), options(reference)).probe();
        Samples test = all.between(reference.path("training").intValue(), all.size());
        Evaluation evaluation = Evaluation.of(probe, test);
        close(evaluation.accuracy(), reference.path("accuracy"));
        close(evaluation.f1(), reference.path("f1"));
        close(evaluation.auc(), reference.path("auc"));
        close(evaluation.logLoss(), reference.path("log_loss"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theShrinkageOfLedoitAndWolfAgrees(JsonNode reference) {
        close(DiscriminantAnalysis.ledoitWolf(training(reference)), reference.path("ledoit_wolf"));
    }

    private static void close(double ours, JsonNode theirs) {
        assertThat(ours).isCloseTo(theirs.doubleValue(), within(RELATIVE * Math.abs(theirs.doubleValue())));
    }
}
