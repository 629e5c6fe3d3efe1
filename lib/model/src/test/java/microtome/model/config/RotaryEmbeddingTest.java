package microtome.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
}
