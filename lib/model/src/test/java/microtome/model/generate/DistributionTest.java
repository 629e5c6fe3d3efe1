package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import microtome.display.Json;
import microtome.model.Site;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    private static final int DRAWS = 10_000;
    /** Two orders of summation of 97 numbers in double. */
    private static final double ROUNDING = 1e-12;

    @Test
    void theWarpersOfTransformersLeaveTheSameProbabilities() throws IOException {
        var file = (Map<?, ?>) json("warped.json");
        float[] logits = floats((List<?>) file.get("logits"));
        for (Object each : (List<?>) file.get("cases")) {
            var expected = (Map<?, ?>) each;
            var sampling = new Sampling(
                    number(expected, "temperature"),
                    (int) number(expected, "top_k"),
                    number(expected, "top_p"),
                    number(expected, "min_p"),
                    0);
            double[] theirs = ((List<?>) expected.get("probabilities"))
                    .stream()
                            .mapToDouble(value -> ((Number) value).doubleValue())
                            .toArray();
            assertThat(sampling.probabilities(logits)).as("%s", sampling).containsExactly(theirs, within(ROUNDING));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 0", "0.7, 5, 1, 0", "1.3, 0, 0.9, 0", "2, 0, 1, 0.2", "0.9, 40, 0.8, 0.05", "1, 500, 0.5, 0.9"
    })
    void everyFilterWorksOnWhatTheOneBeforeLeft(double temperature, int topK, double topP, double minP) {
        var random = new Random(7);
        for (int attempt = 0; attempt < 50; attempt++) {
            float[] logits = floats(IntStream.range(0, 97)
                    .mapToObj(_ -> Math.rint(8 * random.nextGaussian()) / 2) // many are equal
                    .toList());
            double[] ours = new Sampling(temperature, topK, topP, minP, 0).probabilities(logits);
            assertThat(ours).containsExactly(formula(logits, temperature, topK, topP, minP), within(ROUNDING));
        }
    }

    /** The definitions, one after another, each by sorting everything. */
    private static double[] formula(float[] logits, double temperature, int topK, double topP, double minP) {
        double[] scores = IntStream.range(0, logits.length)
                .mapToDouble(id -> logits[id] / temperature)
                .toArray();
        if (topK > 0) {
            double[] sorted = Arrays.stream(scores).sorted().toArray();
            double last = sorted[Math.max(0, sorted.length - topK)];
            scores = Arrays.stream(scores)
                    .map(score -> score < last ? Double.NEGATIVE_INFINITY : score)
                    .toArray();
        }
        double[] probabilities = softmax(scores);
        var kept = new boolean[scores.length];
        double before = 0;
        for (int id : descending(scores)) {
            kept[id] = before < topP;
            before += probabilities[id];
        }
        for (int id = 0; id < scores.length; id++) {
            scores[id] = kept[id] ? scores[id] : Double.NEGATIVE_INFINITY;
        }
        double[] left = softmax(scores);
        double largest = Arrays.stream(left).max().orElseThrow();
        for (int id = 0; id < scores.length; id++) {
            scores[id] = left[id] < minP * largest ? Double.NEGATIVE_INFINITY : scores[id];
        }
        return softmax(scores);
    }

    private static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((left, right) -> Double.compare(scores[right], scores[left]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double[] softmax(double[] scores) {
        double largest = Arrays.stream(scores).max().orElseThrow();
        double sum =
                Arrays.stream(scores).map(score -> Math.exp(score - largest)).sum();
        return Arrays.stream(scores)
                .map(score -> Math.exp(score - largest) / sum)
                .toArray();
    }

    /** Draws of ten thousand copies of one prompt, as a generation makes them. */
    @ParameterizedTest
    @CsvSource({"1, 0, 1, 0", "0.5, 20, 0.9, 0", "1.5, 0, 1, 0.05"})
    void tenThousandDrawsFollowTheDistributionOfAModel(double temperature, int topK, double topP, double minP) {
        float[] logits = nextLogits(5, 17, 96);
        var sampling = new Sampling(temperature, topK, topP, minP, 20260807);
        var distribution = Distribution.of(sampling, logits);
        var counts = new int[logits.length];
        for (int copy = 0; copy < DRAWS; copy++) {
            var stream = RandomStream.of(sampling.seed(), new int[] {5, 17, 96}, copy);
            counts[distribution.at(stream.nextDouble())]++;
        }
        assertFollows(counts, sampling.probabilities(logits));
    }

    @Test
    void aGenerationDrawsWhatItsStreamsSay() {
        try (var model = Models.tiny("reference")) {
            var prompt = Models.ids(5, 17, 96);
            var sampling = Sampling.PLAIN.temperature(1.5).seed(11);
            var distribution = Distribution.of(sampling, nextLogits(prompt.ids()));
            Generated generated = Generation.of(prompt)
                    .tokens(1)
                    .copies(70)
                    .sampling(sampling)
                    .run(model);
            for (int copy = 0; copy < 70; copy++) {
                int expected =
                        distribution.at(RandomStream.of(11, prompt.ids(), copy).nextDouble());
                assertThat(generated.texts().get(copy).ids()).containsExactly(expected);
            }
        }
    }

    private static float[] nextLogits(int... prompt) {
        try (var model = Models.tiny("reference")) {
            return model.activations(Models.ids(prompt), List.of(Site.logits()))
                    .at(Site.logits())
                    .row(prompt.length - 1);
        }
    }

    /** Pearson's test: cells of less than 5 expected draws are put together; false alarm once in a thousand seeds. */
    private static void assertFollows(int[] counts, double[] probabilities) {
        double statistic = 0;
        double restExpected = 0;
        double restCounted = 0;
        int cells = 0;
        for (int id = 0; id < counts.length; id++) {
            double expected = DRAWS * probabilities[id];
            if (expected == 0) {
                assertThat(counts[id]).as("a filtered token was drawn: %d", id).isZero();
            } else if (expected < 5) {
                restExpected += expected;
                restCounted += counts[id];
            } else {
                statistic += Math.pow(counts[id] - expected, 2) / expected;
                cells++;
            }
        }
        if (restExpected > 0) {
            statistic += Math.pow(restCounted - restExpected, 2) / restExpected;
            cells++;
        }
        assertThat(cells).isGreaterThan(3);
        assertThat(statistic).isLessThan(quantile(cells - 1));
    }

    /** The 99.9 % quantile of chi-squared, by Wilson and Hilferty. */
    private static double quantile(int degrees) {
        double spread = 2.0 / (9 * degrees);
        return degrees * Math.pow(1 - spread + 3.0902 * Math.sqrt(spread), 3);
    }

    @Test
    void theEdgesOfTheRandomNumberGiveTheFirstAndTheLastTokenThatIsLeft() {
        var distribution = Distribution.of(Sampling.PLAIN.topK(2), new float[] {0, 3, 1, 2});
        assertThat(distribution.at(0)).isEqualTo(1);
        assertThat(distribution.at(Math.nextDown(1.0))).isEqualTo(3);
        assertThat(distribution.probabilities()[0]).isZero();
    }

    @Test
    void aBannedTokenIsNeverDrawnAndASmallTemperatureIsGreedy() {
        float[] logits = {Float.NEGATIVE_INFINITY, 1, 2};
        assertThat(Sampling.PLAIN.probabilities(logits)[0]).isZero();
        assertThat(Sampling.PLAIN.temperature(1e-300).probabilities(logits)).containsExactly(0, 0, 1);
    }

    @Test
    void theSeedOfSplitMix64GivesThePublishedNumbers() {
        var stream = new RandomStream(1234567);
        assertThat(new long[] {stream.nextLong(), stream.nextLong(), stream.nextLong()})
                .containsExactly(
                        6457827717110365317L, 3203168211198807973L, Long.parseUnsignedLong("9817491932198370423"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aTemperatureThatIsNoneIsRefused(double temperature) {
        assertThatThrownBy(() -> Sampling.PLAIN.temperature(temperature))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "temperature " + temperature
                                + ": must be above 0 and finite, usually 0.5 to 1.5; for the likeliest token every time use greedy()");
    }

    @Test
    void filtersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Sampling.PLAIN.topP(0))
                .hasMessageContaining("top-p 0.0: must be above 0 and at most 1");
        assertThatThrownBy(() -> Sampling.PLAIN.topP(1.5)).hasMessageContaining("top-p 1.5");
        assertThatThrownBy(() -> Sampling.PLAIN.topK(-1)).hasMessageContaining("top-k -1");
        assertThatThrownBy(() -> Sampling.PLAIN.minP(1.1)).hasMessageContaining("min-p 1.1");
    }

    @Test
    void logitsThatAreNoNumbersAreNamed() {
        assertThatThrownBy(() -> Sampling.PLAIN.probabilities(new float[] {0, Float.NaN}))
                .hasMessageContaining("the logit of token 1 is NaN");
        assertThatThrownBy(() -> Sampling.PLAIN.probabilities(new float[] {Float.NEGATIVE_INFINITY}))
                .hasMessageContaining("the largest logit is -Infinity");
    }

    @Test
    void theLargestLogitsComeInOrderTheLowestIdFirst() {
        float[] logits = {1, 5, 5, -2, 7, 1};
        assertThat(Logits.likeliest(logits, 4)).containsExactly(4, 1, 2, 0);
        assertThat(Logits.likeliest(logits, 0)).isEmpty();
        for (int count = 1; count <= 6; count++) {
            assertThat(Logits.largest(logits, count)).isEqualTo(new float[] {7, 5, 5, 1, 1, -2}[count - 1]);
        }
    }

    private static Object json(String name) throws IOException {
        try (var stream = DistributionTest.class.getResourceAsStream(name)) {
            return Json.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static double number(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).doubleValue();
    }

    private static float[] floats(List<?> numbers) {
        var floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = ((Number) numbers.get(i)).floatValue();
        }
        return floats;
    }
}
