package microtome.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RotaryEmbeddingTest {

    @Test
    void turnsHalvesOfAHeadAsTheReferenceDoes() {
        var angles = new RotaryEmbedding(10_000, 8, new RotaryScaling.None()).angles(4);
        float[] expected = {-1.695593f, 0.137552f, 2.788682f, 3.975982f, -4.808842f, 6.323059f, 7.086837f, 8.011964f};
        for (int j = 0; j < 4; j++) {
            float cosine = angles.cosines()[3 * 4 + j];
            float sine = angles.sines()[3 * 4 + j];
            float first = j + 1;
            float second = j + 5;
            assertThat(first * cosine - second * sine).isCloseTo(expected[j], within(2e-6f));
            assertThat(second * cosine + first * sine).isCloseTo(expected[j + 4], within(2e-6f));
        }
    }

    @Test
    void stretchesTheFrequenciesOfLlama32AsPublished() {
        var plain = new RotaryEmbedding(500_000, 64, new RotaryScaling.None()).inverseFrequencies();
        var stretched = new RotaryEmbedding(500_000, 64, new RotaryScaling.Llama3(32, 1, 4, 8192)).inverseFrequencies();
        double[] between = {1.65133, 3.29226, 9.66673};
        for (int j = 0; j < 32; j++) {
            double divisor = j < 15 ? 1 : j < 18 ? between[j - 15] : 32;
            assertThat(plain[j] / (double) stretched[j]).isCloseTo(divisor, within(divisor * 2e-6));
        }
    }

    @Test
    void dividesEveryFrequencyByOneFactor() {
        var plain = new RotaryEmbedding(10_000, 64, new RotaryScaling.None()).inverseFrequencies();
        var stretched = new RotaryEmbedding(10_000, 64, new RotaryScaling.Linear(4)).inverseFrequencies();
        for (int j = 0; j < 32; j++) {
            assertThat(stretched[j]).isEqualTo(plain[j] / 4);
        }
    }

    @Test
    void refusesAnOddHead() {
        assertThatThrownBy(() -> new RotaryEmbedding(10_000, 7, new RotaryScaling.None()))
                .hasMessage("rotary embedding: the width that is rotated is 7, it must be even");
    }

    /** Of the functions of the Hugging Face library, version 5.23, for heads of 16. */
    @Test
    void yarnLeadsFromKeptToDividedFrequencies() {
        var qwen = new RotaryScaling.Yarn(4, 32, 1, 32_768, true, RotaryScaling.Yarn.usualAmplitude(4));
        assertThat(qwen.amplitude()).isCloseTo(1.138629436111989, within(1e-12));
        assertFrequencies(
                new RotaryEmbedding(1_000_000, 16, qwen),
                1f,
                0.177827939f,
                0.0316227786f,
                0.00421755994f,
                0.000500000024f,
                4.44569851e-05f,
                7.90569356e-06f,
                1.40585337e-06f);
        assertFrequencies(
                new RotaryEmbedding(10_000, 16, new RotaryScaling.Yarn(8, 16, 2, 512, false, 1.3)),
                1f,
                0.316227764f,
                0.0716084614f,
                0.00732499827f,
                0.00124999997f,
                0.000395284733f,
                0.000125000006f,
                3.95284733e-05f);
        assertFrequencies(
                new RotaryEmbedding(10_000, 16, new RotaryScaling.Yarn(8, 32, 1, 512, true, 1)),
                1f,
                0.247052938f,
                0.0562500022f,
                0.01087033f,
                0.00124999997f,
                0.000395284733f,
                0.000125000006f,
                3.95284733e-05f);
    }

    @Test
    void aDynamicBaseGrowsOnlyBeyondTheContext() {
        var dynamic = new RotaryEmbedding(10_000, 16, new RotaryScaling.Dynamic(4, 2048));
        float[] plain = new RotaryEmbedding(10_000, 16, new RotaryScaling.None()).inverseFrequencies();
        assertFrequencies(dynamic.forLength(2048), plain);
        assertFrequencies(
                dynamic.forLength(3000),
                1f,
                0.272156298f,
                0.0740690604f,
                0.0201583616f,
                0.00548622571f,
                0.0014931109f,
                0.000406359555f,
                0.000110593319f);
    }

    @Test
    void longSequencesTurnByTheLongFactors() {
        double amplitude = RotaryScaling.ByLength.usualAmplitude(32, 4096);
        assertThat(amplitude).isCloseTo(1.1902380714238083, within(1e-12));
        var shorter = new RotaryScaling.Divisors(List.of(1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35), amplitude);
        var longer = new RotaryScaling.Divisors(List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 48.0, 64.0), amplitude);
        var phi = new RotaryEmbedding(10_000, 16, new RotaryScaling.ByLength(4096, shorter, longer));
        assertFrequencies(
                phi.forLength(4096),
                1f,
                0.301169306f,
                0.0909090936f,
                0.0274980683f,
                0.00833333284f,
                0.00252982229f,
                0.00076923077f,
                0.000234242791f);
        assertFrequencies(
                phi.forLength(4097),
                1f,
                0.158113882f,
                0.0250000004f,
                0.00395284733f,
                0.000624999986f,
                9.88211832e-05f,
                2.08333331e-05f,
                4.94105916e-06f);
    }

    @Test
    void theAmplitudeMultipliesCosinesAndSines() {
        var angles = new RotaryEmbedding(10_000, 4, new RotaryScaling.Divisors(List.of(1.0, 1.0), 1.5)).angles(1);
        assertThat(angles.cosines()).containsExactly(1.5f, 1.5f);
        assertThat(angles.sines()).containsExactly(0, 0);
    }

    /** A power, a quotient and a product, each rounded to F32. */
    private static void assertFrequencies(RotaryEmbedding rotation, float... expected) {
        float[] ours = rotation.inverseFrequencies();
        assertThat(ours).hasSameSizeAs(expected);
        for (int j = 0; j < ours.length; j++) {
            assertThat(ours[j]).as("pair %d", j).isCloseTo(expected[j], within(expected[j] * 3 * 0x1p-23f));
        }
    }
}
