package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.tensor.DType;
import microtome.tensor.Decomposition;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fused gradients against their decompositions, which the reference computes in F64, with and without a batch's axis. */
public abstract class FusedGradientConformance extends BackendConformance {
    /** For subclasses. */
    protected FusedGradientConformance() {}

    /** Compares with terms of the size of the largest value. */
    private void check(Op.Gradient op, long terms, int depth, Host... inputs) {
        var exact = exact(op, inputs);
        double largest = largest(exact);
        check(op, new Expected(exact, Expected.map(exact, _ -> largest)), terms, depth, inputs);
    }

    /**
     * Compares with what is expected.
     *
     * @param terms how many products the longest sum has
     * @param depth how many functions follow each other
     */
    private void check(Op.Gradient op, Expected expected, long terms, int depth, Host... inputs) {
        var tolerance = Tolerance.ofSum(F32, terms);
        for (int i = 0; i < depth; i++) {
            tolerance = tolerance.and(Tolerance.ofFunction(F32));
        }
        var given = Stream.of(inputs).map(input -> input.on(engine())).toArray(Tensor[]::new);
        assertClose(engine().apply(op, given), expected, tolerance);
    }

    /** A row may cancel: its terms are as large as the upstream times the gain, divided by the row's scale. */
    private void checkNorm(Op.Gradient op, double epsilon, int depth, Host x, Host gain, Host upstream) {
        var exact = exact(op, x, gain, upstream);
        int width = gain.extent(0);
        var sizes = new double[exact.length];
        for (int first = 0; first < exact.length; first += width) {
            int from = first % x.values().length;
            double mean = 0;
            double squares = 0;
            double largest = 0;
            for (int i = 0; i < width; i++) {
                mean += op instanceof Op.Gradient.OfLayerNorm ? x.values()[from + i] / width : 0;
            }
            for (int i = 0; i < width; i++) {
                squares += Math.pow(x.values()[from + i] - mean, 2);
                largest = Math.max(largest, Math.abs(gain.values()[i] * upstream.values()[first + i]));
            }
            Arrays.fill(sizes, first, first + width, 3 * largest / Math.sqrt(squares / width + epsilon));
        }
        check(op, new Expected(exact, sizes), width, depth, x, gain, upstream);
    }

    /** Shares of a row, which are 1 at most, times differences of upstreams. */
    private void checkSpread(Op.Gradient op, long terms, int depth, Host... inputs) {
        var exact = exact(op, inputs);
        double largest = largest(inputs[inputs.length - 1].values());
        check(op, new Expected(exact, Expected.map(exact, _ -> 2 * largest)), terms, depth, inputs);
    }

    /** A slope may cancel: its terms are a few units large. */
    private void checkGated(Op.Activation activation, Host gate, Host up, Host upstream) {
        var op = new Op.Gradient.OfGatedActivation(activation);
        var exact = exact(op, gate, up, upstream);
        double size = largest(exact) + 2 * largest(upstream.values()) * (1 + largest(up.values()));
        check(op, new Expected(exact, Expected.map(exact, _ -> size)), 1, 8, gate, up, upstream);
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static double[] exact(Op.Gradient op, Host... inputs) {
        try (var reference = Engine.open("reference");
                var _ = reference.openScope()) {
            var wide = Stream.of(inputs).map(input -> wide(input).on(reference)).toList();
            return Decomposition.of(op, wide).toDoubles();
        }
    }

    private static Host wide(Host input) {
        var type = input.type();
        return type.dtype() == I32
                ? input
                : Host.of(F64, input.values(), type.shape().extents());
    }

    private Host targets(int classes, int count) {
        var values = IntStream.range(0, count)
                .mapToDouble(_ -> random().nextInt(classes))
                .toArray();
        return Host.of(I32, values, count);
    }

    @Test
    void rowsOfAwkwardWidths() {
        for (int width : AWKWARD) {
            for (int rows : new int[] {1, 33}) {
                var x = normal(F32, rows, width);
                var gain = normal(F32, width);
                for (var upstream : List.of(normal(F32, rows, width), normal(F32, 3, rows, width))) {
                    checkNorm(new Op.Gradient.OfRmsNorm(1e-5f), 1e-5f, 3, x, gain, upstream);
                    checkNorm(new Op.Gradient.OfLayerNorm(1e-2f), 1e-2f, 4, x, gain, upstream);
                    checkSpread(new Op.Gradient.OfSoftmax(), width, 2, softmaxOf(x), upstream);
                }
                for (var upstream : List.of(normal(F32, rows), normal(F32, 3, rows))) {
                    checkSpread(new Op.Gradient.OfCrossEntropy(), width, 3, x, targets(width, rows), upstream);
                }
            }
        }
    }

    private static Host softmaxOf(Host logits) {
        int width = logits.extent(1);
        var values = logits.values().clone();
        for (int first = 0; first < values.length; first += width) {
            var row = Oracle.softmax(Arrays.copyOfRange(values, first, first + width));
            System.arraycopy(row, 0, values, first, width);
        }
        return Host.of(F32, values, logits.type().shape().extents());
    }

    @ParameterizedTest
    @EnumSource(Op.Activation.class)
    void gatedActivations(Op.Activation activation) {
        for (int width : AWKWARD) {
            var gate = normal(F32, 3, width);
            var up = normal(F32, 3, width);
            for (var upstream : List.of(normal(F32, 3, width), normal(F32, 2, 5, 3, width))) {
                checkGated(activation, gate, up, upstream);
            }
        }
    }

    @Test
    void aGateFarFromZeroGivesNoNaN() {
        var gate = Host.of(F32, new double[] {-1000, -100, -88, 0, 88, 100, 1000}, 7);
        var up = normal(F32, 7);
        for (var activation : Op.Activation.values()) {
            checkGated(activation, gate, up, normal(F32, 7));
        }
    }

    @Test
    void attentionOfAwkwardSizes() {
        int[][] sizes = { // queries, keys, width of a head
            {1, 1, 2}, {1, 33, 16}, {3, 3, 64}, {31, 33, 66}, {64, 64, 64}, {65, 65, 8}, {127, 127, 64}, {70, 130, 5}
        };
        for (int[] size : sizes) {
            for (boolean causal : new boolean[] {true, false}) {
                var op = new Op.Gradient.OfAttention(4, 2, 0.3f, causal);
                attention(op, size, 1, 0);
                attention(op, size, 2, 0);
            }
        }
        attention(new Op.Gradient.OfAttention(9, 3, 0.125f, true), new int[] {66, 66, 64}, 2, 3);
        attention(new Op.Gradient.OfAttention(3, 3, 0.125f, true), new int[] {5, 7, 64}, 1, 2);
        attention(new Op.Gradient.OfAttention(4, 1, 0.125f, false), new int[] {130, 131, 4}, 1, 2);
    }

    private void attention(Op.Gradient.OfAttention op, int[] size, int sequences, int count) {
        var query = normal(F32, sequences, size[0], op.heads() * size[2]);
        var key = normal(F32, sequences, size[1], op.keyValueHeads() * size[2]);
        var value = normal(F32, sequences, size[1], op.keyValueHeads() * size[2]);
        var upstream = count == 0
                ? normal(F32, sequences, size[0], op.heads() * size[2])
                : normal(F32, count, sequences, size[0], op.heads() * size[2]);
        // A gradient of a key sums over the queries of a group the products of sums over the width.
        long terms = (long) size[2] * op.heads() / op.keyValueHeads() * Math.max(size[0], size[1]);
        check(op, terms, 6, query, key, value, upstream);
    }

    @Test
    void nothingGivesNothingAndNoQueriesGiveKeysZero() {
        var none = new double[0];
        var empty = Host.of(F32, none, 0, 5);
        var gain = normal(F32, 5);
        assertThat(applied(new Op.Gradient.OfRmsNorm(1e-5f), empty, gain, empty))
                .isEmpty();
        assertThat(applied(new Op.Gradient.OfLayerNorm(1e-5f), empty, gain, empty))
                .isEmpty();
        assertThat(applied(new Op.Gradient.OfSoftmax(), empty, empty)).isEmpty();
        assertThat(applied(new Op.Gradient.OfGatedActivation(Op.Activation.SILU), empty, empty, empty))
                .isEmpty();
        assertThat(applied(new Op.Gradient.OfCrossEntropy(), empty, Host.of(I32, none, 0), Host.of(F32, none, 0)))
                .isEmpty();
        var noQuery = Host.of(F32, none, 2, 0, 8);
        var key = normal(F32, 2, 3, 4);
        var found = applied(new Op.Gradient.OfAttention(2, 1, 0.5f, true), noQuery, key, key, noQuery);
        assertThat(found).hasSize(48).containsOnly(0);
        var noGradients = Host.of(F32, none, 0, 2, 3, 8);
        var query = normal(F32, 2, 3, 8);
        assertThat(applied(new Op.Gradient.OfAttention(2, 1, 0.5f, true), query, key, key, noGradients))
                .isEmpty();
    }

    private double[] applied(Op op, Host... inputs) {
        var given = Stream.of(inputs).map(input -> input.on(engine())).toArray(Tensor[]::new);
        return engine().apply(op, given).toDoubles();
    }

    @Test
    void halfTypesAreWidenedFirst() {
        for (var type : new DType[] {BF16, DType.F16}) {
            var x = normal(type, 3, 33);
            var upstream = normal(type, 3, 33);
            check(new Op.Gradient.OfRmsNorm(1e-5f), 33, 3, x, normal(type, 33), upstream);
            check(new Op.Gradient.OfGatedActivation(Op.Activation.SILU), 1, 8, x, normal(type, 3, 33), upstream);
            var query = normal(type, 1, 3, 8);
            check(new Op.Gradient.OfAttention(2, 2, 0.5f, true), 12, 6, query, query, query, normal(type, 1, 3, 8));
        }
    }

    @Test
    void theErrorsSayWhatIsNeeded() {
        var x = normal(F32, 3, 5).on(engine());
        var gain = normal(F32, 5).on(engine());
        var wrong = normal(F32, 3, 4).on(engine());
        assertThatThrownBy(() -> engine().apply(new Op.Gradient.OfRmsNorm(1e-5f), x, gain, wrong))
                .hasMessage("gradient of rmsNorm: the upstream is [3, 4]; it must be [3, 5], with any axes in front");
        assertThatThrownBy(() -> engine().apply(new Op.Gradient.OfSoftmax(), x))
                .hasMessage("gradient of softmax: 1 inputs given, it takes 2");
        var targets = engine().indices(new int[] {0, 5, 1}, 3);
        assertThatThrownBy(() -> engine().apply(
                                new Op.Gradient.OfCrossEntropy(),
                                x,
                                targets,
                                normal(F32, 3).on(engine()))
                        .toFloats())
                .hasMessageContaining("target 5 at place 1 is outside the classes 0..4");
    }
}
