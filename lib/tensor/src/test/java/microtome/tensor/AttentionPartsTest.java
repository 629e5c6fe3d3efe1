package microtome.tensor;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttentionPartsTest {
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;

    private final Engine engine = Engine.open("reference");
    private final Random random = new Random(11);
    private final Tensor query = normal(2, 3, 12); // 4 heads of 3
    private final Tensor key = normal(2, 5, 6); // 2 heads of 3
    private final Tensor value = normal(2, 5, 6);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void scoresPatternAndMixAreTheFusedAttention() {
        var pattern = AttentionParts.scores(query, key, HEADS, KEY_HEADS, 0.5f).softmax(-1);
        var parts = AttentionParts.mix(pattern, value, KEY_HEADS).toDoubles();
        assertThat(parts)
                .containsExactly(
                        Layers.attention(query, key, value, HEADS, KEY_HEADS, 0.5f)
                                .toDoubles(),
                        within(1e-14));
    }

    @Test
    void thePatternIsTheSoftmaxOfTheScores() {
        var scores = AttentionParts.scores(query, key, HEADS, KEY_HEADS, 0.5f);
        var pattern = AttentionParts.pattern(query, key, HEADS, KEY_HEADS, 0.5f);
        assertThat(pattern.type()).isEqualTo(TensorType.of(DType.F64, 2, 4, 3, 5));
        assertThat(pattern.toDoubles()).containsExactly(scores.softmax(-1).toDoubles(), within(1e-15));
    }

    @Test
    void aQueryDoesNotSeeLaterKeys() {
        var scores = AttentionParts.scores(query, key, HEADS, KEY_HEADS, 0.5f);
        assertThat(scores.shape()).isEqualTo(Shape.of(2, 4, 3, 5));
        var first = scores.toDoubles();
        for (int i = 0; i < first.length; i++) {
            int queryPosition = 5 - 3 + i / 5 % 3;
            assertThat(first[i] == Double.NEGATIVE_INFINITY).isEqualTo(i % 5 > queryPosition);
        }
    }

    @Test
    void headOutputsAreTheMixByHead() {
        var pattern = AttentionParts.scores(query, key, HEADS, KEY_HEADS, 1).softmax(-1);
        var heads = AttentionParts.headOutputs(pattern, value, KEY_HEADS);
        assertThat(heads.shape()).isEqualTo(Shape.of(2, 4, 3, 3));
        assertThat(heads.permute(0, 2, 1, 3).reshape(2, 3, 12).toDoubles())
                .containsExactly(AttentionParts.mix(pattern, value, KEY_HEADS).toDoubles(), within(1e-15));
    }

    @Test
    void leavesNoIntermediatesBehind() {
        long before = engine.liveTensors();
        var scores = AttentionParts.scores(query, key, HEADS, KEY_HEADS, 1);
        var mixed = AttentionParts.mix(scores.softmax(-1), value, KEY_HEADS);
        assertThat(engine.liveTensors() - before).isEqualTo(3);
        assertThat(mixed.shape()).isEqualTo(query.shape());
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> AttentionParts.scores(query, normal(2, 5, 4), HEADS, KEY_HEADS, 1))
                .hasMessage("scores: query [2, 3, 12] has 4 heads of 3, but key [2, 5, 4] has 2 heads of 2");
        assertThatThrownBy(() -> AttentionParts.scores(query, normal(2, 2, 6), HEADS, KEY_HEADS, 1))
                .hasMessage("scores: 3 queries but 2 keys; causal attention needs queries <= keys");
        assertThatThrownBy(() -> AttentionParts.mix(query, value, KEY_HEADS))
                .hasMessage("mix: pattern is [2, 3, 12]; it must be [sequences, heads, queries, keys]");
    }

    @Test
    void everyFusedOperationIsItsDecomposition() {
        var gate = normal(3, 7);
        var up = normal(3, 7);
        for (var activation : Op.Activation.values()) {
            same(new Op.GatedActivation(activation, DType.F64), gate, up);
        }
        same(new Op.RmsNorm(1e-5f, DType.F64), gate, normal(7));
        same(new Op.Rotary(3), query, normal(3, 2), normal(3, 2));
        same(new Op.Attention(HEADS, KEY_HEADS, 0.3f, true), query, key, value);
        same(new Op.Attention(HEADS, KEY_HEADS, 0.3f, false), query, key, value);
        same(new Op.AttentionPattern(HEADS, KEY_HEADS, 0.3f, true), query, key);
        same(new Op.AttentionPattern(HEADS, KEY_HEADS, 0.3f, false), query, key);
        same(new Op.AttentionMix(KEY_HEADS), normal(2, 4, 3, 5), value);
    }

    @Test
    void activationsAndNormsHaveTheirPublishedValues() {
        var x = engine.tensor(new double[] {-2, -1, -0.5, 0.5, 1, 2}, 6);
        var one = engine.filled(1, DType.F64, 6);
        assertThat(Layers.gatedActivation(Op.Activation.GELU_TANH, x, one, DType.F64)
                        .toDoubles())
                .containsExactly(
                        new double[] {-0.045402306, -0.158808009, -0.154285990, 0.345714010, 0.841191991, 1.954597694},
                        within(5e-10));
        assertThat(Layers.gatedActivation(Op.Activation.GELU_ERF, x, one, DType.F64)
                        .toDoubles())
                .containsExactly(
                        new double[] {-0.045500264, -0.158655254, -0.154268769, 0.345731231, 0.841344746, 1.954499736},
                        within(5e-10));
        assertThat(Layers.gatedActivation(Op.Activation.SILU, x, one, DType.F64).toDoubles())
                .containsExactly(
                        new double[] {-0.238405844, -0.268941421, -0.188770334, 0.311229666, 0.731058579, 1.761594156},
                        within(5e-10));
        var norm = Layers.rmsNorm(
                engine.tensor(new double[] {1, -2, 3, 0.5}, 4), engine.filled(1, F32, 4), 1e-6f, DType.F64);
        assertThat(norm.toDoubles())
                .containsExactly(new double[] {0.52981287, -1.05962574, 1.58943861, 0.26490643}, within(5e-9));
    }

    private void same(Op op, Tensor... inputs) {
        assertThat(Decomposition.of(op, List.of(inputs)).toDoubles())
                .containsExactly(engine.apply(op, inputs).toDoubles(), within(1e-13));
    }

    private Tensor normal(long... extents) {
        var values =
                random.doubles(Shape.of(extents).elements()).map(u -> 2 * u - 1).toArray();
        return engine.tensor(values, extents);
    }
}
