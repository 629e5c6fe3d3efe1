package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BlockEncoderTest {
    private static final int COUNT = 320;
    private static final double HALF_PRECISION = Math.pow(2, -11);

    private static float[] numbers(long seed) {
        var random = new SplittableRandom(seed);
        var numbers = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            numbers[i] = (float) (random.nextDouble() * 4 - 1);
        }
        return numbers;
    }

    private static float[] decoded(byte[] blocks, DType type) {
        try (var engine = Engine.open("reference");
                var tensor = engine.tensor(MemorySegment.ofArray(blocks), TensorType.of(type, COUNT))) {
            return tensor.cast(DType.F32).toFloats();
        }
    }

    /** Half a step, and what storing scale and minimum in half precision moves: relative to the largest number, 3. */
    @ParameterizedTest
    @CsvSource({"Q8_0, 254", "Q4_1, 15"})
    void aNumberMovesByHalfAStepAtMost(DType type, int steps) {
        float[] numbers = numbers(1);
        float[] rounded = decoded(BlockEncoder.encode(numbers, type), type);
        double range = type == DType.Q8_0 ? 6 : 4;
        for (int i = 0; i < COUNT; i++) {
            assertThat((double) rounded[i]).isCloseTo(numbers[i], within(range / steps / 2 + 2 * 4 * HALF_PRECISION));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_1"})
    void numbersThatABlockHoldsComeBackAsTheyWere(DType type) {
        var numbers = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            numbers[i] = type == DType.Q8_0 ? i * 37 % 255 - 127 : i % 16 * 0.25f - 2;
        }
        for (int block = 0; block < COUNT; block += 32) {
            numbers[block] = type == DType.Q8_0 ? 127 : -2; // the ends of the scale are in every block
            numbers[block + 1] = type == DType.Q8_0 ? -127 : 1.75f;
        }
        assertThat(decoded(BlockEncoder.encode(numbers, type), type)).containsExactly(numbers);
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_1"})
    void zerosStayZero(DType type) {
        assertThat(decoded(BlockEncoder.encode(new float[COUNT], type), type)).containsOnly(0);
    }

    @Test
    void otherTypesAndPartsOfBlocksAreRefused() {
        assertThatThrownBy(() -> BlockEncoder.encode(new float[32], DType.Q6_K))
                .hasMessage("numbers are rounded to Q8_0 or Q4_1, not to Q6_K");
        assertThatThrownBy(() -> BlockEncoder.encode(new float[33], DType.Q8_0))
                .hasMessageContaining("33 elements are not whole blocks of 32");
    }
}
