package microtome.tensor;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Engine engine = Engine.open("reference");
    private final Tensor matrix = engine.tensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void arithmeticBroadcasts() {
        var row = engine.tensor(new float[] {10, 20, 30}, 3);
        var column = engine.tensor(new float[] {1, -1}, 2, 1);
        assertThat(matrix.plus(row).toFloats()).containsExactly(11, 22, 33, 14, 25, 36);
        assertThat(matrix.times(column).toFloats()).containsExactly(1, 2, 3, -4, -5, -6);
        assertThat(row.minus(1).dividedBy(engine.tensor(new float[] {3}, 1)).toFloats())
                .containsExactly(3, 19 / 3f, 29 / 3f);
        assertThat(matrix.less(engine.filled(3, F32)).toFloats()).containsExactly(1, 1, 0, 0, 0, 0);
        assertThat(column.plus(row).shape()).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void notANumberSurvivesMaximumAndMinimum() {
        var values = engine.tensor(new float[] {Float.NaN, 1}, 2);
        var others = engine.tensor(new float[] {2, Float.NaN}, 2);
        assertThat(values.maximum(others).toFloats()).containsExactly(Float.NaN, Float.NaN);
        assertThat(values.minimum(others).toFloats()).containsExactly(Float.NaN, Float.NaN);
    }

    @Test
    void integersWrapAround() {
        var large = engine.indices(new int[] {Integer.MAX_VALUE, 65536}, 2);
        assertThat(large.plus(1).toInts()).containsExactly(Integer.MIN_VALUE, 65537);
        assertThat(large.times(large).toInts()).containsExactly(1, 0);
    }

    @Test
    void functionsOfOneValue() {
        var x = engine.tensor(new double[] {-0.5, 2}, 2);
        assertThat(x.negate().toDoubles()).containsExactly(0.5, -2);
        assertThat(x.abs().toDoubles()).containsExactly(0.5, 2);
        assertThat(x.sign().toDoubles()).containsExactly(-1, 1);
        assertThat(x.exp().log().toDoubles()[1]).isCloseTo(2, within(1e-15));
        assertThat(x.sqrt().toDoubles()).containsExactly(Double.NaN, Math.sqrt(2));
        assertThat(x.reciprocal().toDoubles()).containsExactly(-2, 0.5);
        assertThat(x.sin().times(x.sin()).plus(x.cos().times(x.cos())).toDoubles()[0])
                .isCloseTo(1, within(1e-15));
        assertThat(x.erf().toDoubles()[0]).isCloseTo(-0.5204998778130465, within(1e-15));
        assertThat(x.erf().toDoubles()[1]).isCloseTo(0.9953222650189527, within(1e-15));
        assertThat(x.tanh().toDoubles()[1]).isEqualTo(Math.tanh(2));
        assertThat(x.sigmoid().toDoubles()[1]).isCloseTo(0.8807970779778823, within(1e-15));
    }

    @Test
    void reducesAnyAxisAndKeepsIt() {
        assertThat(matrix.sum(0).toFloats()).containsExactly(5, 7, 9);
        assertThat(matrix.sum(0).shape()).isEqualTo(Shape.of(1, 3));
        assertThat(matrix.max(-1).toFloats()).containsExactly(3, 6);
        assertThat(matrix.mean(1).toFloats()).containsExactly(2, 5);
        assertThat(matrix.logSumExp(1).toDoubles()[0]).isCloseTo(3.4076059644443806, within(1e-6));
        assertThat(matrix.slice(1, 0, 0).sum(1).toFloats()).containsExactly(0, 0);
        assertThat(matrix.slice(1, 0, 0).max(1).toFloats()).containsExactly(-INFINITY, -INFINITY);
        assertThat(matrix.slice(1, 0, 0).logSumExp(1).toFloats()).containsExactly(-INFINITY, -INFINITY);
    }

    @Test
    void softmaxOfOneRowSumsToOneAndRefusesNothing() {
        assertThat(matrix.softmax(1).sum(1).toFloats()).containsExactly(1, 1);
        var masked = engine.tensor(new float[] {-INFINITY, 0, -INFINITY, -INFINITY}, 2, 2);
        assertThat(masked.softmax(1).toFloats()).containsExactly(0, 1, Float.NaN, Float.NaN);
    }

    @Test
    void productsWithAndWithoutTransposing() {
        var right = engine.tensor(new float[] {1, 0, 2, 1, 0, 3}, 3, 2);
        assertThat(matrix.matmul(right).toFloats()).containsExactly(5, 11, 14, 23);
        assertThat(matrix.matmulTransposed(right.permute(1, 0)).toFloats()).containsExactly(5, 11, 14, 23);
        var bias = engine.tensor(new float[] {100, 200}, 2);
        assertThat(matrix.matmulTransposed(right.permute(1, 0), bias).toFloats())
                .containsExactly(105, 211, 114, 223);
        assertThat(matrix.slice(1, 0, 0).matmul(right.slice(0, 0, 0)).toFloats())
                .containsExactly(0, 0, 0, 0);
    }

    @Test
    void movesDataAround() {
        assertThat(matrix.permute(1, 0).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(matrix.slice(1, 1, 3).toFloats()).containsExactly(2, 3, 5, 6);
        assertThat(matrix.reshape(3, -1).slice(0, 2, 3).toFloats()).containsExactly(5, 6);
        assertThat(matrix.slice(0, 1, 2).broadcast(2, 2, 3).sum(0).toFloats()).containsExactly(8, 10, 12, 8, 10, 12);
        assertThat(Tensor.concat(1, List.of(matrix, matrix.slice(1, 0, 1))).toFloats())
                .containsExactly(1, 2, 3, 1, 4, 5, 6, 4);
        assertThat(matrix.gather(engine.indices(new int[] {1, 0, 1}, 3, 1)).shape())
                .isEqualTo(Shape.of(3, 1, 3));
        assertThat(matrix.gather(engine.indices(new int[] {1, 0}, 2)).toFloats())
                .containsExactly(4, 5, 6, 1, 2, 3);
    }

    @Test
    void anIndexOutsideTheTableIsNamed() {
        assertThatThrownBy(() ->
                        matrix.gather(engine.indices(new int[] {0, 2}, 2)).toFloats())
                .isInstanceOf(BackendException.class)
                .hasMessage("gather: index 2 at place 1 is outside the table's rows 0..1");
    }

    @Test
    void castsRoundToNearestEven() {
        var values = engine.tensor(new float[] {1.00390625f, 1.01171875f, -2.75f, 3.4e38f, Float.NaN}, 5);
        assertThat(values.cast(BF16).toFloats()).containsExactly(1, 1.015625f, -2.75f, INFINITY, Float.NaN);
        assertThat(values.slice(0, 0, 3).cast(I32).toInts()).containsExactly(1, 1, -2);
        assertThat(values.cast(BF16).cast(BF16).dtype()).isEqualTo(BF16);
    }

    @Test
    void showsItsTypeAndFirstValues() {
        assertThat(matrix).hasToString("F32 [2, 3] [1.0000, 2.0000, 3.0000, 4.0000, 5.0000, 6.0000]");
        assertThat(engine.filled(2, BF16, 7))
                .hasToString("BF16 [7] [2.0000, 2.0000, 2.0000, 2.0000, 2.0000, 2.0000, …]");
        assertThat(engine.filled(2, F32)).hasToString("F32 [] [2.0000]");
        assertThat(engine.filled(2, F32, 0)).hasToString("F32 [0] []");
        var closed = engine.filled(2, F32, 1);
        closed.close();
        assertThat(closed).asString().startsWith("F32 [1] (closed: close() was called on it at TensorTest.");
    }

    @Test
    void readsIntegersOnlyAsIntegers() {
        assertThatThrownBy(matrix::toInts)
                .hasMessage("toInts: the tensor is F32 [2, 3]; cast it to I32 first, or use toFloats");
    }

    @Test
    void memoryIsEmptyWhereABackendDoesNotShareItAndRefusedWhereDownloadIs() {
        try (var engine = Engine.open("reference")) {
            var tensor = engine.tensor(new float[] {1, 2}, 1, 2);
            assertThat(tensor.memory()).isEmpty();
            assertThatThrownBy(() -> engine.pack(tensor, DType.F32).memory())
                    .hasMessage("tensor F32 [1, 2] is packed and cannot be read; keep the plain weight");
            tensor.close();
            assertThatThrownBy(tensor::memory).isInstanceOf(IllegalStateException.class);
        }
    }
}
