package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products in every type and layout. */
public abstract class ProductConformance extends BackendConformance {
    /** Around 512 and far above: where oneDNN 3.13 multiplies F32 by packed narrow weights wrongly, without an error. */
    private static final int[] INNER = {511, 512, 513, 576, 1536, 2048};

    private static final int[] ROWS = {1, 2, 5, 8, 128};
    private static final int COLUMNS = 48;

    /** For subclasses. */
    protected ProductConformance() {}

    /** How the right operand is stored. */
    public enum Layout {
        /** {@code [k, n]}. */
        PLAIN,
        /** {@code [n, k]}. */
        TRANSPOSED,
        /** {@code [n, k]} in the backend's own form, in the operand's type. */
        PACKED,
        /** {@code [n, k]} in the backend's own form, decoded to F32. */
        PACKED_F32
    }

    /** Types of left, right and output. */
    public record Types(DType left, DType right, DType output) {}

    static List<Types> types() {
        return List.of(
                new Types(F32, F32, F32),
                new Types(F32, F32, BF16),
                new Types(F32, BF16, F32),
                new Types(F32, BF16, BF16),
                new Types(F32, F16, F32),
                new Types(BF16, F16, F32),
                new Types(BF16, BF16, F32),
                new Types(BF16, BF16, BF16),
                new Types(BF16, F32, F32),
                new Types(F16, F16, F16));
    }

    @ParameterizedTest
    @MethodSource("types")
    void agreesAtEveryInnerSizeAndLayout(Types types) {
        for (int inner : INNER) {
            for (int rows : ROWS) {
                for (var layout : Layout.values()) {
                    check(types, layout, new Oracle.Sizes(rows, inner, COLUMNS));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void agreesAtAwkwardSizes(Layout layout) {
        for (var types : types()) {
            for (int size : AWKWARD) {
                check(types, layout, new Oracle.Sizes(size, 3, 2));
                check(types, layout, new Oracle.Sizes(3, size, 2));
                check(types, layout, new Oracle.Sizes(2, 3, size));
                int other = AWKWARD[random().nextInt(AWKWARD.length)];
                int third = AWKWARD[random().nextInt(5)];
                check(types, layout, new Oracle.Sizes(third, size, other));
            }
        }
    }

    private void check(Types types, Layout layout, Oracle.Sizes sizes) {
        try (var _ = engine().openScope()) {
            boolean transposed = layout != Layout.PLAIN;
            var left = normal(types.left, sizes.m(), sizes.k());
            var right =
                    transposed ? normal(types.right, sizes.n(), sizes.k()) : normal(types.right, sizes.k(), sizes.n());
            var output = multiply(types, layout, left, right);
            var expected = Oracle.product(left.values(), right.values(), sizes, transposed);
            try {
                assertClose(output, expected, tolerance(types.output, sizes.k()));
            } catch (AssertionError wrong) {
                throw new AssertionError("%s %s %s: %s".formatted(types, layout, sizes, wrong.getMessage()), wrong);
            }
        }
    }

    private Tensor multiply(Types types, Layout layout, Host left, Host right) {
        var operand = switch (layout) {
            case PLAIN, TRANSPOSED -> right.on(engine());
            case PACKED -> engine().pack(right.on(engine()), types.right == F16 ? F32 : types.right);
            case PACKED_F32 -> engine().pack(right.on(engine()), F32);
        };
        var op = new Op.MatMul(layout != Layout.PLAIN, types.output);
        return engine().apply(op, left.on(engine()), operand);
    }

    private static Tolerance tolerance(DType output, int inner) {
        return Tolerance.ofSum(output, inner);
    }

    @Test
    void addsABiasOrAnAddend() {
        for (var types : types()) {
            for (int rows : new int[] {1, 7, 128}) {
                for (var layout : Layout.values()) {
                    checkAddend(types, layout, new Oracle.Sizes(rows, 576, 33));
                    checkAddend(types, layout, new Oracle.Sizes(rows, 31, 257));
                }
            }
        }
    }

    private void checkAddend(Types types, Layout layout, Oracle.Sizes sizes) {
        try (var _ = engine().openScope()) {
            var op = new Op.MatMul(layout != Layout.PLAIN, types.output);
            var left = normal(types.left, sizes.m(), sizes.k());
            var right = op.transposeRight()
                    ? normal(types.right, sizes.n(), sizes.k())
                    : normal(types.right, sizes.k(), sizes.n());
            var plain = Oracle.product(left.values(), right.values(), sizes, op.transposeRight());
            var operand = layout == Layout.PACKED
                    ? engine().pack(right.on(engine()), types.right == BF16 ? BF16 : F32)
                    : right.on(engine());
            for (var addend : List.of(normal(types.output, sizes.n()), normal(types.output, sizes.m(), sizes.n()))) {
                var output = engine().apply(op, left.on(engine()), operand, addend.on(engine()));
                assertClose(output, plain.plusRow(addend.values()), tolerance(types.output, sizes.k() + 1));
            }
        }
    }

    @Test
    void multipliesBatches() {
        for (var types : List.of(new Types(F32, F32, F32), new Types(BF16, BF16, F32), new Types(F32, BF16, F32))) {
            for (var sizes :
                    List.of(new Oracle.Sizes(3, 33, 5), new Oracle.Sizes(31, 64, 127), new Oracle.Sizes(1, 513, 2))) {
                for (boolean transposed : new boolean[] {false, true}) {
                    checkBatch(types, sizes, transposed);
                }
            }
        }
    }

    private void checkBatch(Types types, Oracle.Sizes sizes, boolean transposed) {
        var left = normal(types.left, 2, 3, sizes.m(), sizes.k());
        var right = transposed
                ? normal(types.right, 2, 3, sizes.n(), sizes.k())
                : normal(types.right, 2, 3, sizes.k(), sizes.n());
        var op = new Op.MatMul(transposed, types.output);
        var output = engine().apply(op, left.on(engine()), right.on(engine()));
        assertThat(output.shape()).isEqualTo(Shape.of(2, 3, sizes.m(), sizes.n()));
        var values = new double[6 * sizes.m() * sizes.n()];
        var magnitudes = new double[values.length];
        for (int batch = 0; batch < 6; batch++) {
            var one = Oracle.product(part(left.values(), batch), part(right.values(), batch), sizes, transposed);
            System.arraycopy(one.values(), 0, values, batch * one.values().length, one.values().length);
            System.arraycopy(one.magnitudes(), 0, magnitudes, batch * one.values().length, one.values().length);
        }
        assertClose(output, new Expected(values, magnitudes), tolerance(types.output, sizes.k()));
    }

    private static double[] part(double[] values, int batch) {
        int size = values.length / 6;
        return Arrays.copyOfRange(values, batch * size, (batch + 1) * size);
    }

    @Test
    void oneWeightServesEveryLeadingAxis() {
        var left = normal(F32, 2, 3, 5, 31);
        var right = normal(F32, 33, 31);
        var flat = left.on(engine()).reshape(30, 31).matmulTransposed(right.on(engine()));
        for (var weight : List.of(right.on(engine()), engine().pack(right.on(engine()), F32))) {
            var output = left.on(engine()).matmulTransposed(weight);
            assertThat(output.shape()).isEqualTo(Shape.of(2, 3, 5, 33));
            var sizes = new Oracle.Sizes(30, 31, 33);
            assertClose(output, Oracle.product(left.values(), right.values(), sizes, true), tolerance(F32, 31));
        }
        assertThat(flat.shape()).isEqualTo(Shape.of(30, 33));
    }

    @Test
    void readsViewsOfLargerTensors() {
        var left = normal(F32, 4, 5, 33);
        var right = normal(F32, 6, 31, 33);
        var output = left.on(engine())
                .slice(0, 1, 2)
                .reshape(5, 33)
                .matmulTransposed(right.on(engine()).slice(0, 5, 6).reshape(31, 33));
        var leftPart = Arrays.copyOfRange(left.values(), 5 * 33, 2 * 5 * 33);
        var rightPart = Arrays.copyOfRange(right.values(), 5 * 31 * 33, 6 * 31 * 33);
        assertClose(output, Oracle.product(leftPart, rightPart, new Oracle.Sizes(5, 33, 31), true), tolerance(F32, 33));
    }

    @Test
    void packsASliceOfATable() {
        var table = normal(F32, 100, 65);
        var left = normal(F32, 3, 65);
        var packed = engine().pack(table.on(engine()).slice(0, 40, 73), F32);
        var part = Arrays.copyOfRange(table.values(), 40 * 65, 73 * 65);
        var expected = Oracle.product(left.values(), part, new Oracle.Sizes(3, 65, 33), true);
        assertClose(left.on(engine()).matmulTransposed(packed), expected, tolerance(F32, 65));
    }

    @Test
    void emptyProductsAreTheAddendOrZero() {
        var bias = engine().tensor(new float[] {1, 2}, 2);
        for (var type : new DType[] {F32, BF16}) {
            var left = engine().filled(1, type, 3, 0);
            var right = engine().filled(1, type, 2, 0);
            assertThat(Layers.linear(left, right, null, F32).toFloats()).containsExactly(0, 0, 0, 0, 0, 0);
            assertThat(Layers.linear(left, right, bias, F32).toFloats()).containsExactly(1, 2, 1, 2, 1, 2);
            var none = Layers.linear(engine().filled(1, type, 0, 4), engine().filled(1, type, 2, 4), null, F32);
            assertThat(none.shape()).isEqualTo(Shape.of(0, 2));
            var noColumns = Layers.linear(engine().filled(1, type, 3, 4), engine().filled(1, type, 0, 4), null, F32);
            assertThat(noColumns.shape()).isEqualTo(Shape.of(3, 0));
        }
    }

    @Test
    void notANumberStaysInItsRow() {
        for (var layout : Layout.values()) {
            var left = normal(F32, 4, 600);
            left.values()[600 + 5] = Double.NaN;
            var right = layout == Layout.PLAIN ? normal(F32, 600, 33) : normal(F32, 33, 600);
            var values = multiply(new Types(F32, F32, F32), layout, left, right).toDoubles();
            for (int i = 0; i < values.length; i++) {
                assertThat(Double.isNaN(values[i])).as("element " + i).isEqualTo(i / 33 == 1);
            }
        }
    }

    @Test
    void aPackedWeightOutlivesWhatItWasMadeOf() {
        var right = normal(F32, 33, 31);
        var left = normal(F32, 3, 31);
        var weight = right.on(engine());
        var packed = engine().pack(weight, F32);
        weight.close();
        assertClose(
                left.on(engine()).matmulTransposed(packed),
                Oracle.product(left.values(), right.values(), new Oracle.Sizes(3, 31, 33), true),
                tolerance(F32, 31));
    }

    @Test
    void manyThreadsMultiplyOnOneEngine() throws InterruptedException {
        var left = normal(F32, 5, 65);
        var right = normal(F32, 33, 65);
        var expected = Oracle.product(left.values(), right.values(), new Oracle.Sizes(5, 65, 33), true);
        var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
        var engine = engine();
        var workers = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> (i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform())
                        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                        .start(() -> multiplyOften(engine, left, right, expected)))
                .toList();
        for (var worker : workers) {
            worker.join();
        }
        assertThat(failures).isEmpty();
    }

    private void multiplyOften(Engine engine, Host left, Host right, Expected expected) {
        for (int i = 0; i < 50; i++) {
            try (var _ = engine.openScope()) {
                var product = left.on(engine).matmulTransposed(right.on(engine));
                assertClose(product, expected, tolerance(F32, 65));
            }
        }
    }
}
