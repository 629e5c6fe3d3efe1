package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedWeightsTest {
    private static final int BLOCKS = 50;

    /** Half a step of each type: of the value itself for the halves, of the largest value of the block for the quants. */
    @ParameterizedTest
    @CsvSource({"F16,0.000489", "BF16,0.00392", "Q8_0,0.00400", "Q4_0,0.126"})
    void decodedValuesAreWithinAStep(DType type, float step) {
        var random = new Random(7);
        var values = new float[32 * BLOCKS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 32 ? 0 : (float) random.nextGaussian() * 0.1f;
        }
        float[] decoded = decoded(values, type);
        for (int i = 0; i < values.length; i++) {
            float tiny = type == DType.F16 ? 0x1p-25f : 0; // F16 has numbers without a leading one
            float size = type.isBlocked() ? largest(values, i / 32 * 32) : Math.abs(values[i]);
            assertThat(Math.abs(decoded[i] - values[i]))
                    .as("%s, %s", type, values[i])
                    .isLessThanOrEqualTo(step * size + tiny);
        }
        assertThat(decoded).isNotEqualTo(new float[values.length]);
    }

    @Test
    void whatATypeHoldsExactlyStaysAsItIs() {
        var values = new float[32];
        for (int i = 0; i < 32; i++) {
            values[i] = (i % 16 - 8) / 4f;
        }
        assertThat(decoded(values, DType.Q4_0)).isEqualTo(values);
        assertThat(decoded(values, DType.BF16)).isEqualTo(values);
        assertThat(decoded(values, DType.F16)).isEqualTo(values);
    }

    @Test
    void otherTypesAreRefused() {
        assertThatThrownBy(() -> RoundedWeights.of(new float[256], DType.Q6_K))
                .hasMessage("weights are rounded to F16, BF16, Q8_0 or Q4_0, not Q6_K");
    }

    private static float[] decoded(float[] values, DType type) {
        try (var engine = Engine.open("reference")) {
            var bytes = MemorySegment.ofBuffer(RoundedWeights.of(values, type));
            return engine.tensor(bytes, TensorType.of(type, values.length / 32, 32))
                    .cast(DType.F32)
                    .toFloats();
        }
    }

    private static float largest(float[] values, int block) {
        float largest = 0;
        for (int i = block; i < block + 32; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }
}
