package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import microtome.tensor.AttentionParts;
import microtome.tensor.DType;
import microtome.tensor.Decomposition;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention, its pieces, and the rotation of its queries and keys. */
public abstract class AttentionConformance extends BackendConformance {
    /** For subclasses. */
    protected AttentionConformance() {}

    /** The extents of one attention. */
    public record Case(int sequences, int queries, int keys, int heads, int keyHeads, int width) {
        float scale() {
            return (float) (1 / Math.sqrt(width));
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(1, 1, 1, 1, 1, 2),
                new Case(1, 1, 31, 3, 1, 64),
                new Case(2, 3, 3, 4, 2, 8),
                new Case(1, 5, 5, 9, 3, 64),
                new Case(3, 33, 33, 2, 2, 33),
                new Case(1, 127, 127, 2, 1, 31),
                new Case(2, 2, 129, 6, 3, 16),
                new Case(1, 257, 257, 3, 1, 64),
                new Case(1, 7, 300, 4, 4, 3));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesOnEveryShapeAndType(Case sizes) {
        for (var type : new DType[] {F32, BF16, F16}) {
            for (boolean causal : new boolean[] {true, false}) {
                var query = normal(type, sizes.sequences, sizes.queries, (long) sizes.heads * sizes.width);
                var key = normal(type, sizes.sequences, sizes.keys, (long) sizes.keyHeads * sizes.width);
                var value = normal(type, sizes.sequences, sizes.keys, (long) sizes.keyHeads * sizes.width);
                var op = new Op.Attention(sizes.heads, sizes.keyHeads, sizes.scale(), causal);
                var inputs = List.of(query.on(engine()), key.on(engine()), value.on(engine()));
                var expected = attention(sizes, causal, query.values(), key.values(), value.values());
                assertClose(engine().apply(op, inputs.toArray(Tensor[]::new)), expected, tolerance(type, sizes));
                assertClose(Decomposition.of(op, inputs), expected, tolerance(type, sizes));
                var look = new Op.AttentionPattern(sizes.heads, sizes.keyHeads, sizes.scale(), causal);
                var pattern = engine().apply(look, inputs.get(0), inputs.get(1));
                same(look, pattern(sizes), inputs.get(0), inputs.get(1));
                assertThat(pattern.dtype()).isEqualTo(F32);
                var mix = new Op.AttentionMix(sizes.keyHeads);
                assertClose(engine().apply(mix, pattern, inputs.get(2)), expected, tolerance(type, sizes));
                same(mix, tolerance(type, sizes), pattern, inputs.get(2));
            }
        }
    }

    /** The error of a score, a sum whose terms are about as large as 1, is a relative error of its weight. */
    private static Tolerance pattern(Case sizes) {
        return Tolerance.ofSum(F32, sizes.width).and(Tolerance.ofFunction(F32)).and(Tolerance.ofSum(F32, sizes.keys));
    }

    /** Narrow types may round the pattern before they multiply it with the values. */
    private static Tolerance tolerance(DType type, Case sizes) {
        return Tolerance.ofSum(type, Math.max(sizes.keys, sizes.width))
                .and(Tolerance.ofFunction(type))
                .roundingTermsTo(type);
    }

    @Test
    void moreQueriesThanKeysAreFineWithoutCausality() {
        var sizes = new Case(1, 5, 3, 2, 1, 4);
        var query = normal(F32, 1, 5, 8);
        var key = normal(F32, 1, 3, 4);
        var value = normal(F32, 1, 3, 4);
        var output = engine().apply(
                        new Op.Attention(2, 1, sizes.scale(), false),
                        query.on(engine()),
                        key.on(engine()),
                        value.on(engine()));
        var expected = attention(sizes, false, query.values(), key.values(), value.values());
        assertClose(output, expected, tolerance(F32, sizes));
    }

    @Test
    void largeScoresStayFinite() {
        var query = Host.of(F32, Expected.map(normal(F32, 40 * 8).values(), x -> 100 * x), 1, 40, 8);
        var key = Host.of(F32, Expected.map(normal(F32, 40 * 8).values(), x -> 100 * x), 1, 40, 8);
        var value = normal(F32, 1, 40, 8);
        var output = Layers.attention(query.on(engine()), key.on(engine()), value.on(engine()), 1, 1, 1);
        for (double number : output.toDoubles()) {
            assertThat(number).isFinite();
        }
        assertExact(output.slice(1, 0, 1), java.util.Arrays.copyOf(value.values(), 8));
    }

    @Test
    void scoresPatternAndHeadsFitTogether() {
        var sizes = new Case(2, 5, 7, 4, 2, 16);
        var query = normal(F32, 2, 5, 64);
        var key = normal(F32, 2, 7, 32);
        var value = normal(F32, 2, 7, 32);
        var scores = AttentionParts.scores(query.on(engine()), key.on(engine()), 4, 2, sizes.scale());
        var pattern = scores.softmax(-1);
        assertThat(pattern.shape()).isEqualTo(Shape.of(2, 4, 5, 7));
        var rows = pattern.sum(-1).toDoubles();
        for (double row : rows) {
            assertThat(row).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-6));
        }
        var expected = attention(sizes, true, query.values(), key.values(), value.values());
        assertClose(AttentionParts.mix(pattern, value.on(engine()), 2), expected, tolerance(F32, sizes));
        var heads = AttentionParts.headOutputs(pattern, value.on(engine()), 2);
        assertClose(heads.permute(0, 2, 1, 3).reshape(2, 5, 64), expected, tolerance(F32, sizes));
        int hidden = 0;
        for (double score : scores.toDoubles()) {
            hidden += score == Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        assertThat(hidden).as("masked scores").isEqualTo(2 * 4 * (4 + 3 + 2 + 1));
    }

    @Test
    void aPatternIsZeroWhereAQueryMayNotLook() {
        var pattern = AttentionParts.pattern(
                        normal(F32, 1, 40, 16).on(engine()),
                        normal(F32, 1, 70, 8).on(engine()),
                        4,
                        2,
                        1)
                .toDoubles();
        for (int i = 0; i < pattern.length; i++) {
            assertThat(pattern[i] == 0).isEqualTo(i % 70 > 30 + i / 70 % 40);
        }
    }

    /** Weights of any kind: negative, beyond causality, and rows of zeros. */
    @Test
    void mixesAnyPattern() {
        for (var type : new DType[] {F32, BF16, F16}) {
            var sizes = new Case(2, 13, 67, 6, 2, 20);
            var weights = normal(F32, 2, 6, 13, 67).values();
            for (int i = 0; i < weights.length; i++) {
                weights[i] = i % 67 >= i / 67 * 7 % 80 ? 0 : weights[i];
            }
            var pattern = Host.of(F32, weights, 2, 6, 13, 67);
            var value = normal(type, 2, 67, 2 * 20L);
            var mixed = AttentionParts.mix(pattern.on(engine()), value.on(engine()), 2);
            assertThat(mixed.dtype()).isEqualTo(type);
            assertClose(mixed, mixed(sizes, weights, value.values()), tolerance(type, sizes));
        }
    }

    private static Expected mixed(Case c, double[] weights, double[] value) {
        var values = new double[c.sequences * c.queries * c.heads * c.width];
        var magnitudes = new double[values.length];
        for (int to = 0; to < values.length; to++) { // [sequence, query, head, width]
            int head = to / c.width % c.heads;
            int query = to / c.width / c.heads % c.queries;
            int sequence = to / c.width / c.heads / c.queries;
            for (int k = 0; k < c.keys; k++) {
                int group = head * c.keyHeads / c.heads;
                double term = weights[((sequence * c.heads + head) * c.queries + query) * c.keys + k]
                        * value[((sequence * c.keys + k) * c.keyHeads + group) * c.width + to % c.width];
                values[to] += term;
                magnitudes[to] += Math.abs(term);
            }
        }
        return new Expected(values, magnitudes);
    }

    @Test
    void attendsToNothingWithoutSequences() {
        var none = normal(F32, 0, 3, 8).on(engine());
        assertThat(Layers.attention(none, none, none, 2, 2, 1).shape()).isEqualTo(Shape.of(0, 3, 8));
    }

    /** For every sequence, query and head; magnitudes grow with the scores, whose errors the exponential multiplies. */
    private static Expected attention(Case c, boolean causal, double[] query, double[] key, double[] value) {
        var values = new double[query.length];
        var magnitudes = new double[query.length];
        for (int s = 0; s < c.sequences; s++) {
            for (int q = 0; q < c.queries; q++) {
                int visible = causal ? c.keys - c.queries + q + 1 : c.keys;
                for (int h = 0; h < c.heads; h++) {
                    int from = ((s * c.queries + q) * c.heads + h) * c.width;
                    int group = h * c.keyHeads / c.heads;
                    var scores = new double[visible];
                    double largest = 0;
                    for (int k = 0; k < visible; k++) {
                        double magnitude = 0;
                        for (int j = 0; j < c.width; j++) {
                            double term = query[from + j] * key[((s * c.keys + k) * c.keyHeads + group) * c.width + j];
                            scores[k] += term * c.scale();
                            magnitude += Math.abs(term) * c.scale();
                        }
                        largest = Math.max(largest, magnitude);
                    }
                    var pattern = Oracle.softmax(scores);
                    for (int k = 0; k < visible; k++) {
                        for (int j = 0; j < c.width; j++) {
                            double term = pattern[k] * value[((s * c.keys + k) * c.keyHeads + group) * c.width + j];
                            values[from + j] += term;
                            magnitudes[from + j] += Math.abs(term) * (1 + 2 * largest);
                        }
                    }
                }
            }
        }
        return new Expected(values, magnitudes);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void rotatesHalves(DType type) {
        int[][] shapes = {{1, 1, 1, 2}, {2, 3, 4, 8}, {1, 5, 9, 64}, {3, 33, 1, 62}, {1, 257, 3, 6}};
        for (var shape : shapes) {
            int heads = shape[2];
            int width = shape[3];
            var input = normal(type, shape[0], shape[1], (long) heads * width);
            var cosine = Host.of(
                    F32, Expected.map(normal(F32, shape[1] * width / 2).values(), Math::cos), shape[1], width / 2);
            var sine = Host.of(
                    F32, Expected.map(normal(F32, shape[1] * width / 2).values(), Math::sin), shape[1], width / 2);
            var expected = rotated(input, heads, cosine.values(), sine.values());
            var output = Layers.rotary(input.on(engine()), heads, cosine.on(engine()), sine.on(engine()));
            assertClose(output, expected, Tolerance.ofSum(type, 3));
            var inputs = List.of(input.on(engine()), cosine.on(engine()), sine.on(engine()));
            assertClose(Decomposition.of(new Op.Rotary(heads), inputs), expected, Tolerance.ofSum(type, 3));
        }
    }

    private static Expected rotated(Host input, int heads, double[] cosine, double[] sine) {
        int half = input.extent(2) / heads / 2;
        int positions = input.extent(1);
        var values = new double[input.values().length];
        var magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int j = i % half;
            boolean first = i / half % 2 == 0;
            int position = i / (2 * half * heads) % positions;
            double own = input.values()[i] * cosine[position * half + j];
            double other = input.values()[first ? i + half : i - half] * sine[position * half + j];
            values[i] = first ? own - other : own + other;
            magnitudes[i] = Math.abs(own) + Math.abs(other);
        }
        return new Expected(values, magnitudes);
    }

    @Test
    void normsAndGatesAreTheirDecompositions() {
        for (var type : new DType[] {F32, BF16, F16}) {
            var input = normal(type, 5, 257).on(engine());
            var gain = normal(F32, 257).on(engine());
            same(new Op.RmsNorm(1e-5f, type), Tolerance.ofSum(type, 257), input, gain);
            var up = normal(type, 5, 257).on(engine());
            for (var activation : Op.Activation.values()) {
                same(new Op.GatedActivation(activation, type), Tolerance.ofFunction(type), input, up);
            }
        }
    }

    /** Both sides may be off: twice the tolerance. */
    private void same(Op op, Tolerance tolerance, Tensor... inputs) {
        var expected = Decomposition.of(op, List.of(inputs)).toDoubles();
        var magnitudes = Expected.map(expected, x -> 2 * Math.abs(x) + 1);
        var twice = new Tolerance(tolerance.type(), 2 * tolerance.perMagnitude(), 2 * tolerance.perValue());
        assertClose(engine().apply(op, inputs), new Expected(expected, magnitudes), twice);
    }
}
