package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import microtome.tensor.DType;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions, softmax and norms along an axis. */
public abstract class RowConformance extends BackendConformance {
    private static final DType[] TYPES = {F32, BF16, F16};
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** For subclasses. */
    protected RowConformance() {}

    @ParameterizedTest
    @EnumSource(Op.Reduce.Kind.class)
    void reducesAwkwardRows(Op.Reduce.Kind kind) {
        for (var type : TYPES) {
            for (int rows : new int[] {1, 3, 33}) {
                for (int width : AWKWARD) {
                    checkReduction(kind, normal(type, rows, width), 1);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Reduce.Kind.class)
    void reducesAnyAxis(Op.Reduce.Kind kind) {
        var input = normal(F32, 3, 31, 2, 5);
        for (int axis = 0; axis < 4; axis++) {
            checkReduction(kind, input, axis);
        }
    }

    private void checkReduction(Op.Reduce.Kind kind, Host input, int axis) {
        var output = engine().apply(new Op.Reduce(kind, axis), input.on(engine()));
        assertThat(output.shape()).isEqualTo(input.type().shape().with(axis, 1));
        int terms = input.extent(axis);
        var values = perRow(input, axis, row -> switch (kind) {
            case SUM -> Arrays.stream(row).sum();
            case MAX -> Arrays.stream(row).max().orElseThrow();
            case LOGSUMEXP -> Oracle.logSumExp(row);
        });
        var magnitudes = perRow(input, axis, row -> {
            double sum = Arrays.stream(row).map(Math::abs).sum();
            return kind == Op.Reduce.Kind.SUM
                    ? sum
                    : 1 + 2 * Arrays.stream(row).map(Math::abs).max().orElse(0);
        });
        var expected = new Expected(values, magnitudes);
        var type = input.type().dtype();
        switch (kind) {
            case MAX -> assertExact(output, values);
            case SUM -> assertClose(output, expected, Tolerance.ofSum(type, terms));
            case LOGSUMEXP ->
                assertClose(output, expected, Tolerance.ofSum(type, terms).and(Tolerance.ofFunction(type)));
        }
    }

    @Test
    void emptyRowsHaveTheNeutralElement() {
        var empty = normal(F32, 3, 0).on(engine());
        assertThat(empty.sum(1).toDoubles()).containsExactly(0, 0, 0);
        assertThat(empty.max(1).toDoubles()).containsExactly(-INFINITY, -INFINITY, -INFINITY);
        assertThat(empty.logSumExp(1).toDoubles()).containsExactly(-INFINITY, -INFINITY, -INFINITY);
        assertThat(empty.softmax(1).toDoubles()).isEmpty();
        assertThat(empty.sum(0).shape()).isEqualTo(Shape.of(1, 0));
    }

    @Test
    void notANumberSpreadsThroughItsRowOnly() {
        for (int width : AWKWARD) {
            var input = normal(F32, 3, width);
            input.values()[width + width / 2] = Double.NaN;
            var tensor = input.on(engine());
            for (var result : new double[][] {
                tensor.sum(1).toDoubles(),
                tensor.max(1).toDoubles(),
                tensor.logSumExp(1).toDoubles()
            }) {
                assertThat(result[0]).isFinite();
                assertThat(result[1]).isNaN();
                assertThat(result[2]).isFinite();
            }
            assertThat(Arrays.stream(tensor.softmax(1).toDoubles())
                            .filter(Double::isNaN)
                            .count())
                    .isEqualTo(width);
        }
    }

    @Test
    void logSumExpStandsLargeAndMaskedValues() {
        var rows = Host.of(
                F32, new double[] {1000, 1000, -1000, -1000, -INFINITY, 3, -INFINITY, -INFINITY, INFINITY, 0}, 5, 2);
        var expected = new double[] {1000 + Math.log(2), -1000 + Math.log(2), 3, -INFINITY, INFINITY};
        assertClose(rows.on(engine()).logSumExp(1), Expected.of(expected), Tolerance.ofFunction(F32));
    }

    @Test
    void softmaxAgreesOnAwkwardRows() {
        for (var type : TYPES) {
            for (int width : AWKWARD) {
                var input = Host.of(type, Expected.map(normal(F32, 5, width).values(), x -> 4 * x), 5, width);
                assertClose(input.on(engine()).softmax(1), softmax(input, 1), softmaxTolerance(type, width));
            }
        }
    }

    @Test
    void softmaxAgreesOnAnyAxis() {
        var input = normal(F32, 3, 33, 2, 5);
        for (int axis = 0; axis < 4; axis++) {
            var tolerance = softmaxTolerance(F32, input.extent(axis));
            assertClose(input.on(engine()).softmax(axis), softmax(input, axis), tolerance);
        }
    }

    @Test
    void softmaxOfMaskedAndHugeValues() {
        var rows = Host.of(F32, new double[] {-INFINITY, 5, -INFINITY, -INFINITY, 3e38, -3e38, 1000, 1000}, 4, 2);
        assertThat(rows.on(engine()).softmax(1).toDoubles())
                .containsExactly(0, 1, Double.NaN, Double.NaN, 1, 0, 0.5, 0.5);
    }

    @Test
    void namesTheAxisThatDoesNotExist() {
        assertThatThrownBy(() -> normal(F32, 3, 7).on(engine()).softmax(2))
                .hasMessage("softmax: axis 2 does not exist in [3, 7]; valid axes are 0..1");
    }

    @Test
    void rmsNormAgreesOnAwkwardWidths() {
        for (var type : TYPES) {
            for (var output : new DType[] {F32, BF16}) {
                for (int width : AWKWARD) {
                    var input = normal(type, 5, width);
                    var gain = normal(F32, width);
                    var result = Layers.rmsNorm(input.on(engine()), gain.on(engine()), 1e-5f, output);
                    var tolerance = Tolerance.ofSum(output, width).and(Tolerance.ofFunction(output));
                    assertClose(result, rmsNorm(input, gain, 1e-5f), tolerance);
                }
            }
        }
    }

    @Test
    void rmsNormOfZerosIsZero() {
        var zeros = engine().filled(0, F32, 2, 33);
        assertThat(Layers.rmsNorm(zeros, engine().filled(1, F32, 33), 1e-6f, F32)
                        .toDoubles())
                .containsOnly(0);
    }

    private static Expected rmsNorm(Host input, Host gain, double epsilon) {
        int width = gain.values().length;
        var values = new double[input.values().length];
        for (int row = 0; row < values.length / width; row++) {
            double squares = 0;
            for (int c = 0; c < width; c++) {
                squares += Math.pow(input.values()[row * width + c], 2);
            }
            for (int c = 0; c < width; c++) {
                double x = input.values()[row * width + c];
                values[row * width + c] = x * gain.values()[c] / Math.sqrt(squares / width + epsilon);
            }
        }
        return Expected.of(values);
    }

    private static Tolerance softmaxTolerance(DType type, int width) {
        return Tolerance.ofSum(type, width).and(Tolerance.ofFunction(type));
    }

    /** The error of {@code e^(x - max)} scales with the distance to the maximum. */
    private static Expected softmax(Host input, int axis) {
        var values = input.values().clone();
        var magnitudes = input.values().clone();
        overRows(input, axis, (row, places) -> {
            var weights = Oracle.softmax(row);
            double largest = Arrays.stream(row).max().orElse(0);
            for (int i = 0; i < row.length; i++) {
                values[places[i]] = weights[i];
                magnitudes[places[i]] = weights[i] * (1 + largest - row[i]);
            }
        });
        return new Expected(values, magnitudes);
    }

    private static double[] perRow(Host input, int axis, ToDoubleFunction<double[]> function) {
        var result = new double[input.values().length / input.extent(axis)];
        int[] next = {0};
        overRows(input, axis, (row, _) -> result[next[0]++] = function.applyAsDouble(row));
        return result;
    }

    /** A row of values and their places. */
    private interface Visit {
        void row(double[] values, int[] places);
    }

    private static void overRows(Host input, int axis, Visit visit) {
        int extent = input.extent(axis);
        int stride = Math.toIntExact(input.type().shape().strides()[axis]);
        for (int first = 0; first < input.values().length; first++) {
            if (first / stride % extent == 0) {
                var places = new int[extent];
                for (int i = 0; i < extent; i++) {
                    places[i] = first + i * stride;
                }
                visit.row(
                        Arrays.stream(places)
                                .mapToDouble(place -> input.values()[place])
                                .toArray(),
                        places);
            }
        }
    }
}
