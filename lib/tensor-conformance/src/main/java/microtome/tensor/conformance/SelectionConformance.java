package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import microtome.tensor.BackendException;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Operations that choose or place elements, and the losses and norms built beside them. */
public abstract class SelectionConformance extends BackendConformance {
    private static final DType[] TYPES = {F32, BF16, F16};
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** For subclasses. */
    protected SelectionConformance() {}

    @Test
    void padsBothEndsOfAnyAxis() {
        for (var type : new DType[] {F32, BF16, F16, I32}) {
            var input = Host.of(type, Expected.map(normal(F32, 2, 3, 5).values(), x -> 10 * x), 2, 3, 5);
            for (int axis = 0; axis < 3; axis++) {
                var padded = input.on(engine()).pad(axis, 2, 1, 7);
                assertThat(padded.extent(axis)).isEqualTo(input.extent(axis) + 3);
                assertExact(padded.slice(axis, 2, 2 + input.extent(axis)), input.values());
                assertThat(padded.slice(axis, 0, 2).toDoubles()).containsOnly(7);
                assertThat(padded.slice(axis, 2 + input.extent(axis), padded.extent(axis))
                                .toDoubles())
                        .containsOnly(7);
            }
        }
        assertThat(normal(F32, 0, 2).on(engine()).pad(0, 1, 0, 3).toDoubles()).containsExactly(3, 3);
        assertThatThrownBy(() -> normal(F32, 3).on(engine()).pad(0, -1, 0, 0))
                .hasMessage(
                        "pad: -1 before and 0 after axis 0 of [3]; both must be >= 0, use slice to remove elements");
    }

    @Test
    void wherePicksOneOfTwoInEveryType() {
        for (var condition : new DType[] {F32, BF16, F16, I32}) {
            for (var type : new DType[] {F32, BF16, F16, I32}) {
                for (int size : AWKWARD) {
                    var bits = random().ints(size, -1, 2).asDoubleStream().toArray();
                    var first = Host.of(type, Expected.map(normal(F32, size).values(), x -> 9 * x), size);
                    var second = Host.of(type, Expected.map(normal(F32, size).values(), x -> 9 * x), size);
                    var output =
                            Host.of(condition, bits, size).on(engine()).where(first.on(engine()), second.on(engine()));
                    assertExact(
                            output,
                            IntStream.range(0, size)
                                    .mapToDouble(i -> bits[i] != 0 ? first.values()[i] : second.values()[i])
                                    .toArray());
                }
            }
        }
    }

    @Test
    void whereBroadcastsAndLeavesOutWhatItDoesNotPick() {
        var condition = engine().indices(new int[] {1, 0, 1}, 3);
        var first = engine().tensor(new float[] {1, 2}, 2, 1);
        var picked = condition.where(first, engine().filled(-INFINITY, F32));
        assertThat(picked.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(picked.toDoubles()).containsExactly(1, -INFINITY, 1, 2, -INFINITY, 2);
        assertThatThrownBy(() -> condition.where(first, condition))
                .hasMessage("where: F32 [2, 1] and I32 [3]; both choices need one type, cast one of them");
    }

    @Test
    void scatterAddSumsRowsThatAreNamedOften() {
        for (var type : TYPES) {
            for (int width : AWKWARD) {
                var table = normal(type, 5, width);
                var updates = normal(type, 2, 9, width);
                var rows = random().ints(18, 0, 5).toArray();
                var output = table.on(engine()).scatterAdd(engine().indices(rows, 2, 9), updates.on(engine()));
                var values = table.values().clone();
                var magnitudes = Expected.map(values, Math::abs);
                for (int i = 0; i < rows.length; i++) {
                    for (int c = 0; c < width; c++) {
                        values[rows[i] * width + c] += updates.values()[i * width + c];
                        magnitudes[rows[i] * width + c] += Math.abs(updates.values()[i * width + c]);
                    }
                }
                assertClose(output, new Expected(values, magnitudes), Tolerance.ofSum(type, 19));
            }
        }
    }

    @Test
    void scatterAddRefusesARowThatIsNotThere() {
        var table = engine().filled(0, F32, 3, 2);
        var updates = engine().filled(1, F32, 1, 2);
        assertThatThrownBy(() -> table.scatterAdd(engine().indices(new int[] {3}, 1), updates)
                        .toFloats())
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("index 3 at place 0 is outside the table's rows 0..2");
        assertThatThrownBy(() -> table.scatterAdd(engine().indices(new int[] {1, 2}, 2), updates))
                .hasMessage("scatterAdd: updates are F32 [1, 2]; table F32 [3, 2] and indices [2] need F32 [2, 2]");
    }

    @Test
    void theLargestValuesAreFoundInOrder() {
        for (var type : TYPES) {
            for (int width : AWKWARD) {
                var input = Host.of(
                        type, random().ints(3 * width, -9, 10).asDoubleStream().toArray(), 3, width);
                int count = Math.min(width, 7);
                var tensor = input.on(engine());
                var places = tensor.topK(count);
                var expected = new int[3 * count];
                var values = new double[3 * count];
                for (int row = 0; row < 3; row++) {
                    int first = row * width;
                    var order = IntStream.range(0, width)
                            .boxed()
                            .sorted((a, b) -> Double.compare(input.values()[first + b], input.values()[first + a]))
                            .mapToInt(Integer::intValue)
                            .toArray();
                    for (int i = 0; i < count; i++) {
                        expected[row * count + i] = order[i];
                        values[row * count + i] = input.values()[first + order[i]];
                    }
                }
                assertThat(places.toInts()).isEqualTo(expected);
                assertExact(tensor.takeAlong(places), values);
            }
        }
    }

    @Test
    void topKKnowsInfinitiesNotANumberAndItsLimits() {
        var row = Host.of(F32, new double[] {-INFINITY, 0, Double.NaN, INFINITY, 0}, 1, 5);
        assertThat(row.on(engine()).topK(5).toInts()).containsExactly(2, 3, 1, 4, 0);
        assertThatThrownBy(() -> row.on(engine()).topK(6))
                .hasMessage("topK: 6 of the last axis of [1, 5]; need 1 <= count <= 5");
        assertThatThrownBy(() -> row.on(engine())
                        .takeAlong(engine().indices(new int[] {5}, 1, 1))
                        .toFloats())
                .isInstanceOf(BackendException.class);
    }

    @Test
    void layerNormAgreesOnAwkwardWidths() {
        for (var type : TYPES) {
            for (var output : new DType[] {F32, BF16}) {
                for (int width : AWKWARD) {
                    var input = normal(type, 5, width);
                    var gain = normal(F32, width);
                    var bias = normal(F32, width);
                    var result =
                            Layers.layerNorm(input.on(engine()), gain.on(engine()), bias.on(engine()), 1e-5f, output);
                    var tolerance = Tolerance.ofSum(output, width).and(Tolerance.ofFunction(output));
                    assertClose(result, layerNorm(input, gain, bias, 1e-5f), tolerance);
                }
            }
        }
    }

    /** Errors scale with the normed value times (1 + how much larger x is than its spread), and with the bias. */
    private static Expected layerNorm(Host input, Host gain, Host bias, double epsilon) {
        int width = gain.values().length;
        var values = new double[input.values().length];
        var magnitudes = new double[values.length];
        for (int first = 0; first < values.length; first += width) {
            var row = Arrays.copyOfRange(input.values(), first, first + width);
            double mean = Arrays.stream(row).average().orElseThrow();
            double scale = Math.sqrt(Arrays.stream(row)
                            .map(x -> (x - mean) * (x - mean))
                            .average()
                            .orElseThrow()
                    + epsilon);
            double largest = Arrays.stream(row).map(Math::abs).max().orElseThrow();
            for (int c = 0; c < width; c++) {
                values[first + c] = (row[c] - mean) / scale * gain.values()[c] + bias.values()[c];
                magnitudes[first + c] = 2 * largest / scale * Math.abs(gain.values()[c]) + Math.abs(bias.values()[c]);
            }
        }
        return new Expected(values, magnitudes);
    }

    @Test
    void crossEntropyOfAwkwardRows() {
        for (var type : TYPES) {
            for (int classes : AWKWARD) {
                var logits =
                        Host.of(type, Expected.map(normal(F32, 2, 3, classes).values(), x -> 4 * x), 2, 3, classes);
                var targets = random().ints(6, 0, classes).toArray();
                var losses = Layers.crossEntropy(logits.on(engine()), engine().indices(targets, 2, 3));
                var values = new double[6];
                var magnitudes = new double[6];
                for (int row = 0; row < 6; row++) {
                    var numbers = Arrays.copyOfRange(logits.values(), row * classes, (row + 1) * classes);
                    values[row] = Oracle.logSumExp(numbers) - numbers[targets[row]];
                    magnitudes[row] =
                            1 + 2 * Arrays.stream(numbers).map(Math::abs).max().orElse(0);
                }
                assertThat(losses.shape()).isEqualTo(Shape.of(2, 3));
                assertClose(
                        losses,
                        new Expected(values, magnitudes),
                        Tolerance.ofSum(F32, classes).and(Tolerance.ofFunction(F32)));
            }
        }
        assertThatThrownBy(() -> Layers.crossEntropy(
                                engine().filled(0, F32, 2, 3), engine().indices(new int[] {0, 3}, 2))
                        .toFloats())
                .isInstanceOf(BackendException.class);
    }
}
