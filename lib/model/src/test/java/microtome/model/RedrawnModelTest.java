package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedrawnModelTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(1, 5, 3, 2);

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#all")
    void everyFamilyRunsWithWeightsDrawnAnew(String folder) {
        try (LanguageModel model = load(folder);
                LanguageModel drawn = model.redrawn(1)) {
            assertThat(drawn.config()).isEqualTo(model.config());
            float[] before = last(model);
            float[] after = last(drawn);
            assertThat(after).hasSameSizeAs(before).isNotEqualTo(before);
            for (float value : after) {
                assertThat(value).isFinite();
            }
            assertThat(drawn.card().name()).endsWith("weights drawn anew with seed 1");
            assertThat(drawn.card().sha256()).isEmpty();
        }
    }

    @Test
    void theSameSeedGivesTheSameModelAndTheOriginalStaysAsItIs() {
        try (LanguageModel model = load("qwen2")) {
            float[] before = last(model);
            float[] once;
            try (LanguageModel drawn = model.redrawn(7)) {
                once = last(drawn);
            }
            try (LanguageModel again = model.redrawn(7);
                    LanguageModel other = model.redrawn(8)) {
                assertThat(last(again)).containsExactly(once);
                assertThat(last(other)).isNotEqualTo(once);
            }
            assertThat(last(model)).containsExactly(before);
        }
    }

    /** A mean of n numbers is off by a deviation over sqrt(n), a deviation by itself over sqrt(2 n). */
    @Test
    void momentsStayAndNumbersThatAreNotFiniteDoNotCount() {
        int n = 40_000;
        MemorySegment bytes = Arena.ofAuto().allocate((long) n * Float.BYTES, 64);
        for (int i = 0; i < n; i++) {
            bytes.setAtIndex(ValueLayout.JAVA_FLOAT, i, i == 5 ? Float.NaN : 3 + (i % 2 == 0 ? 2f : -2f));
        }
        var stored = new StoredTensor("made up", StoredType.F32, Shape.of(200, 200), bytes);
        try (Engine engine = Engine.open("reference")) {
            MemorySegment drawn = new RedrawnNumbers(engine, 3).apply(stored).bytes();
            double[] values = IntStream.range(0, n)
                    .mapToDouble(i -> drawn.getAtIndex(ValueLayout.JAVA_FLOAT, i))
                    .toArray();
            double mean =
                    IntStream.range(0, n).mapToDouble(i -> values[i]).average().orElseThrow();
            double variance = IntStream.range(0, n)
                            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                            .sum()
                    / n;
            assertThat(mean).isCloseTo(3, within(3 * 2 / Math.sqrt(n)));
            assertThat(Math.sqrt(variance)).isCloseTo(2, within(3 * 2 / Math.sqrt(2.0 * n)));
        }
    }

    private static LanguageModel load(String folder) {
        var files = ModelStore.standard()
                .resolve(ReferenceData.path("architectures/" + folder).toString());
        return LanguageModel.load(files, LoadOptions.DEFAULT.backend("reference"));
    }

    private static float[] last(LanguageModel model) {
        Site site = Site.residual(model.config().blocks());
        return model.activations(TOKENS, List.of(site)).at(site).array();
    }
}
