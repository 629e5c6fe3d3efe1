package microtome.probe.depth.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import microtome.model.corpus.document.Documents;
import microtome.model.token.TokenSequence;
import microtome.probe.BundledModel;
import microtome.probe.Goldens;
import microtome.probe.data.RoundTrip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LensAgreementTest {
    @ParameterizedTest
    @CsvSource({"llama-tied,reference", "llama-tied,cpu", "gpt2,cpu", "gemma2,cpu"})
    void everyMeanIsTheOneOfTransformers(String name, String backend) {
        try (var model = Fixtures.model(name, backend)) {
            LensAgreement found = LensAgreement.of(model, Documents.ofTokens(Fixtures.texts()));
            JsonNode expected = Fixtures.expected(name).path("agreement");
            LensAgreement.Values values = found.values();
            assertThat(values.n()).isEqualTo(expected.path("n").longValue());
            near(values.finalFromLens(), expected.path("final_from_lens"), Fixtures.NEAR);
            near(values.lensFromFinal(), expected.path("lens_from_final"), Fixtures.NEAR);
            near(values.overlap(), expected.path("overlap"), 1e-12);
        }
    }

    private static void near(double[] found, JsonNode expected, double bound) {
        double[] numbers = Goldens.numbers(expected);
        assertThat(found).hasSameSizeAs(numbers);
        for (int i = 0; i < numbers.length; i++) {
            // A mean of logarithms, each of which carries the bound of two logits and of a sum over all.
            assertThat(found[i]).as("tap %d", i).isCloseTo(numbers[i], within(4 * bound * Math.max(1, numbers[i])));
        }
    }

    @Test
    void theStreamAfterTheLastBlockAgreesExactly() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            LensAgreement found =
                    LensAgreement.of(model, Documents.ofTokens(Fixtures.texts()), AgreementOptions.DEFAULT.every(2));
            assertThat(found.depths()).containsExactly(0, 2, 3);
            assertThat(found.values().finalFromLens()[2]).isZero();
            assertThat(found.values().lensFromFinal()[2]).isZero();
            assertThat(found.values().overlap()[2]).isEqualTo(1);
            assertThat(found.table().plainText())
                    .contains("3 (check)", "residual.0", "KL(final ‖ lens)", "KL(lens ‖ final)");
        }
    }

    /** Slabs and batches are a way of computing: many short texts, and one longer than a slab. */
    @Test
    void theMeanOverTextsIsThatOfTheirPositions() {
        try (var model = Fixtures.model("gpt2", "cpu")) {
            var shorts = Fixtures.texts();
            double weighted = 0;
            for (TokenSequence text : shorts) {
                var one = LensAgreement.of(model, Documents.ofTokens(List.of(text)))
                        .values();
                weighted += one.finalFromLens()[1] * one.n();
            }
            var all = LensAgreement.of(model, Documents.ofTokens(shorts)).values();
            assertThat(all.finalFromLens()[1]).isCloseTo(weighted / all.n(), within(Fixtures.NEAR));
        }
    }

    @Test
    void readingEndsWhenThereAreEnoughPositions() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            var texts = Documents.ofTokens(Fixtures.texts());
            assertThat(LensAgreement.of(model, texts, AgreementOptions.DEFAULT.tokens(8))
                            .values()
                            .n())
                    .isEqualTo(7 + 3);
            assertThat(LensAgreement.of(model, texts, AgreementOptions.DEFAULT.skipFirst(0))
                            .values()
                            .n())
                    .isEqualTo(8 + 4 + 7);
        }
    }

    @Test
    void aTextOfOneTokenKeepsItAndSaysSo() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            LensAgreement found = LensAgreement.of(model, Documents.ofTokens(List.of(TokenSequence.ofIds(5))));
            assertThat(found.values().n()).isEqualTo(1);
            assertThat(found.table().notes().toString()).contains("too short to leave out");
            assertThat(found.explain().notes().toString()).contains("too short to leave out");
            RoundTrip.check(found);
        }
    }

    @Test
    void aResultComesBackFromItsJson() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            LensAgreement found = LensAgreement.of(model, Documents.ofTokens(Fixtures.texts()));
            LensAgreement back = RoundTrip.check(found);
            assertThat(back.plot(Divergence.LENS_FROM_FINAL).tree().toString())
                    .isEqualTo(found.plot(Divergence.LENS_FROM_FINAL).tree().toString())
                    .contains("KL(lens ‖ final)");
            assertThat(back.overlap().tree().toString()).contains("top-5 overlap");
            assertThat(found.explain().plainText()).contains("nats", "2505.13898");
        }
    }

    @Test
    void anInterruptGivesWhatWasReadUntilThen() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            Thread.currentThread().interrupt();
            LensAgreement found = LensAgreement.of(model, Documents.ofTokens(Fixtures.texts()));
            assertThat(Thread.interrupted()).isFalse();
            assertThat(found.values().n()).isZero();
            assertThat(found.values().overlap()).containsOnly(Double.NaN);
            assertThat(found.table().plainText()).contains("stopped");
            assertThat(found.plot().png()).isNotEmpty();
            RoundTrip.check(found);
        }
    }

    @Test
    void noTextIsAnError() {
        try (var model = Fixtures.model("llama-tied", "cpu")) {
            assertThatThrownBy(() -> LensAgreement.of(model, Documents.ofTokens(List.of())))
                    .hasMessageContaining("give at least one text");
            assertThatThrownBy(() -> AgreementOptions.DEFAULT.every(0)).hasMessageContaining("give 1 for all");
            assertThatThrownBy(() -> AgreementOptions.DEFAULT.tokens(0)).hasMessageContaining("tokens >= 1");
        }
    }

    @Test
    void anEncoderHasNoFinalDistribution() {
        try (var model = Fixtures.model("bert", "cpu")) {
            assertThatThrownBy(() -> LensAgreement.of(model, Documents.ofTokens(Fixtures.texts())))
                    .hasMessageContaining("site logits: models of family bert have none");
        }
    }

    /** What the paper found in other models, and any model shows: the last layers agree most. */
    @ParameterizedTest
    @ValueSource(strings = "The capital of France is Paris, and the capital of Italy is Rome.")
    void theBundledModelAgreesMoreTheDeeperItIsRead(String text) {
        LensAgreement.Values found = LensAgreement.of(
                        BundledModel.get(), Documents.of(text), AgreementOptions.DEFAULT.every(10))
                .values();
        assertThat(found.finalFromLens()[3]).isZero();
        assertThat(found.finalFromLens()[2])
                .isLessThan(found.finalFromLens()[0])
                .isPositive();
    }
}
