package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients in F32 against the same gradients in F64 on the reference, whose rules are checked against differences. */
public abstract class GradientConformance extends BackendConformance {
    private static final String REFERENCE = "reference";

    /** For subclasses. */
    protected GradientConformance() {}

    /** A function of tensors that are all of the given type. */
    private interface Of extends BiFunction<List<Tensor>, DType, Tensor> {}

    /**
     * @param terms how many products the longest sum of the way there and back has
     * @param depth how many roundings follow each other
     */
    private void check(Of function, long terms, int depth, Host... inputs) {
        var wanted = gradients(function, F64, null, inputs);
        var found = gradients(function, F32, wanted.upstream(), inputs);
        var tolerance = Tolerance.ofSum(F32, terms);
        for (int i = 0; i < depth; i++) {
            tolerance = tolerance.and(Tolerance.ofFunction(F32));
        }
        for (int i = 0; i < inputs.length; i++) {
            double largest = Arrays.stream(wanted.gradients().get(i))
                    .map(Math::abs)
                    .max()
                    .orElse(0);
            var expected = wanted.gradients().get(i);
            var magnitudes = Expected.map(expected, _ -> 1 + largest);
            assertClose(
                    engine().tensor(
                                    toFloats(found.gradients().get(i)),
                                    inputs[i].type().shape().extents()),
                    new Expected(expected, magnitudes),
                    tolerance);
        }
    }

    private record Result(Host upstream, List<double[]> gradients) {}

    private Result gradients(Of function, DType type, Host upstream, Host... inputs) {
        if (type == F64) {
            try (var reference = Engine.open(REFERENCE)) {
                return gradientsOn(reference, function, type, upstream, inputs);
            }
        }
        return gradientsOn(engine(), function, type, upstream, inputs);
    }

    private Result gradientsOn(Engine on, Of function, DType type, Host upstream, Host... inputs) {
        try (var _ = on.openScope();
                var tape = on.record()) {
            var tensors = new ArrayList<Tensor>();
            for (var input : inputs) {
                tensors.add(Host.of(type, input.values(), input.type().shape().extents())
                        .on(on));
            }
            var output = function.apply(tensors, type);
            var chosen = upstream == null ? normal(F32, output.shape().extents()) : upstream;
            var seed = Host.of(type, chosen.values(), output.shape().extents()).on(on);
            return new Result(
                    chosen,
                    tape.gradients(List.of(output), List.of(seed), tensors).stream()
                            .map(Tensor::toDoubles)
                            .toList());
        }
    }

    private static float[] toFloats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static Of of(Op op) {
        return (inputs, _) -> inputs.getFirst().engine().apply(op, inputs.toArray(Tensor[]::new));
    }

    private Host positive(long... extents) {
        return Host.of(F32, Expected.map(normal(F32, extents).values(), x -> Math.abs(x) + 0.5), extents);
    }

    @ParameterizedTest
    @EnumSource(Op.Unary.Function.class)
    void functionsOfOneValue(Op.Unary.Function function) {
        check(of(new Op.Unary(function)), 1, 4, positive(3, 257));
    }

    @ParameterizedTest
    @EnumSource(Op.Binary.Function.class)
    void functionsOfTwoValues(Op.Binary.Function function) {
        check(of(new Op.Binary(function)), 31, 4, normal(F32, 2, 1, 33), positive(31, 1));
    }

    @ParameterizedTest
    @EnumSource(Op.Reduce.Kind.class)
    void reductions(Op.Reduce.Kind kind) {
        for (int axis = 0; axis < 2; axis++) {
            check(of(new Op.Reduce(kind, axis)), 33, 4, normal(F32, 31, 33));
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Activation.class)
    void gatedActivations(Op.Activation activation) {
        check(
                (in, type) -> Layers.gatedActivation(activation, in.get(0), in.get(1), type),
                1,
                8,
                normal(F32, 3, 127),
                normal(F32, 3, 127));
    }

    @Test
    void movements() {
        check(of(new Op.Reshape(Shape.of(33, 31))), 1, 1, normal(F32, 31, 33));
        check(of(new Op.Permute(List.of(1, 0))), 1, 1, normal(F32, 31, 33));
        check(of(new Op.Broadcast(Shape.of(7, 31, 33))), 7 * 33, 1, normal(F32, 31, 1));
        check(of(new Op.Slice(1, 2, 9)), 1, 1, normal(F32, 31, 33));
        check(of(new Op.Concat(1)), 1, 1, normal(F32, 31, 33), normal(F32, 31, 2));
        check(of(new Op.Pad(1, 3, 2, 5)), 1, 1, normal(F32, 31, 33));
        check(of(new Op.Softmax(1)), 33, 3, normal(F32, 31, 33));
        check(of(new Op.Softmax(0)), 31, 3, normal(F32, 31, 33));
    }

    @Test
    void choicesAndRows() {
        check(
                (in, _) -> {
                    var indices = in.getFirst().engine().indices(new int[] {4, 0, 4, 4, 2, 1}, 2, 3);
                    return in.getFirst().gather(indices);
                },
                3,
                1,
                normal(F32, 5, 33));
        check(
                (in, _) -> {
                    var indices = in.getFirst().engine().indices(new int[] {4, 0, 4}, 3);
                    return in.get(0).scatterAdd(indices, in.get(1));
                },
                3,
                1,
                normal(F32, 5, 33),
                normal(F32, 3, 33));
        check((in, _) -> in.get(0).less(in.get(1)).where(in.get(0), in.get(1)), 1, 1, normal(F32, 31), normal(F32, 31));
        check((in, _) -> in.getFirst().takeAlong(in.getFirst().topK(3)), 1, 1, normal(F32, 3, 33));
    }

    @Test
    void products() {
        for (boolean transposed : new boolean[] {true, false}) {
            var shared = transposed ? normal(F32, 33, 127) : normal(F32, 127, 33);
            var batched = transposed ? normal(F32, 2, 33, 127) : normal(F32, 2, 127, 33);
            Of product = (in, type) ->
                    in.getFirst().engine().apply(new Op.MatMul(transposed, type), in.toArray(Tensor[]::new));
            check(product, 127, 2, normal(F32, 2, 31, 127), shared, normal(F32, 33));
            check(product, 127, 2, normal(F32, 2, 31, 127), batched, normal(F32, 2, 31, 33));
        }
    }

    @Test
    void normsAndLosses() {
        check(
                (in, type) -> Layers.rmsNorm(in.get(0), in.get(1), 1e-5f, type),
                257,
                8,
                normal(F32, 5, 257),
                normal(F32, 257));
        check(
                (in, type) -> Layers.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5f, type),
                257,
                8,
                normal(F32, 5, 257),
                normal(F32, 257),
                normal(F32, 257));
        check(
                (in, _) -> Layers.crossEntropy(
                        in.getFirst(), in.getFirst().engine().indices(new int[] {0, 256, 31, 7, 31}, 5)),
                257,
                4,
                normal(F32, 5, 257));
    }

    @Test
    void attentionAndItsRotation() {
        check(
                (in, _) -> Layers.attention(in.get(0), in.get(1), in.get(2), 6, 2, 0.2f),
                31 * 16,
                8,
                normal(F32, 2, 31, 96),
                normal(F32, 2, 33, 32),
                normal(F32, 2, 33, 32));
        check(
                (in, _) -> Layers.rotary(in.get(0), 3, in.get(1), in.get(2)),
                6,
                3,
                normal(F32, 2, 5, 24),
                normal(F32, 5, 4),
                normal(F32, 5, 4));
    }

    @Test
    void aPackedWeightGivesTheGradientsOfThePlainOne() {
        for (var type : new DType[] {F32, BF16}) {
            var weight = Host.of(F32, normal(BF16, 127, 33).values(), 127, 33);
            var x = normal(F32, 31, 33);
            var upstream = normal(F32, 31, 127);
            try (var tape = engine().record()) {
                var left = x.on(engine());
                var packed = engine().pack(weight.on(engine()), type);
                var product = left.matmulTransposed(packed);
                var gradients = tape.gradients(List.of(product), List.of(upstream.on(engine())), List.of(left, packed));
                // A backend may round the left side to BF16 where the weight is.
                var tolerance = Tolerance.ofSum(F32, 127).roundingTermsTo(type);
                var left64 = Oracle.product(upstream.values(), weight.values(), new Oracle.Sizes(31, 127, 33), false);
                assertClose(gradients.getFirst(), left64, tolerance);
                assertThat(gradients.get(1).type()).isEqualTo(packed.type());
            }
        }
    }

    /** A pre-norm block; inputs are the stream, two gains, and the weights of query, key and value, projection, gate, up, down. */
    private static Tensor block(List<Tensor> in, DType type, UnaryOperator<Tensor> prepared) {
        var weights = in.subList(3, in.size()).stream().map(prepared).toList();
        var normed = Layers.rmsNorm(in.getFirst(), in.get(1), 1e-5f, type);
        var query = normed.matmulTransposed(weights.get(0));
        var key = normed.matmulTransposed(weights.get(1));
        var mixed = Layers.attention(query, key, key, 4, 2, 0.2f);
        var middle = mixed.matmulTransposed(weights.get(2), in.getFirst());
        var second = Layers.rmsNorm(middle, in.get(2), 1e-5f, type);
        var gate = second.matmulTransposed(weights.get(3));
        var neurons = Layers.gatedActivation(Op.Activation.SILU, gate, second.matmulTransposed(weights.get(4)), type);
        return neurons.matmulTransposed(weights.get(5), middle);
    }

    @Test
    void everyWeightOfABlockHasItsGradientPlainOrPacked() {
        var inputs = new Host[] {
            normal(F32, 2, 31, 64),
            normal(F32, 64),
            normal(F32, 64),
            normal(F32, 64, 64),
            normal(F32, 32, 64),
            normal(F32, 64, 64),
            normal(F32, 96, 64),
            normal(F32, 96, 64),
            normal(F32, 64, 96)
        };
        // The longest sum runs over rows and over products of a few hundred terms, one after another.
        check((in, type) -> block(in, type, weight -> weight), 62 * 96, 16, inputs);
        check((in, type) -> block(in, type, weight -> type == F64 ? weight : packed(weight)), 62 * 96, 16, inputs);
    }

    private static Tensor packed(Tensor weight) {
        return weight.engine().pack(weight, F32);
    }

    @Test
    void aBatchOfGradientsEqualsItsMembers() {
        var upstreams = normal(F32, 3, 2, 31, 96).on(engine());
        try (var tape = engine().record()) {
            var x = normal(F32, 2, 31, 96).on(engine());
            var packed = engine().pack(normal(F32, 96, 96).on(engine()), F32);
            var gain = normal(F32, 96).on(engine());
            var normed = Layers.rmsNorm(x, gain, 1e-5f, F32);
            var mixed = Layers.attention(normed.matmulTransposed(packed), normed, normed, 6, 6, 0.02f);
            var of = List.of(x, gain);
            var batch = tape.gradientsOfBatch(List.of(mixed), List.of(upstreams), of);
            for (int i = 0; i < 3; i++) {
                var one = upstreams.slice(0, i, i + 1).reshape(2, 31, 96);
                var alone = tape.gradients(List.of(mixed), List.of(one), of);
                for (int j = 0; j < of.size(); j++) {
                    var wanted = alone.get(j).toDoubles();
                    double largest = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
                    assertClose(
                            batch.get(j).slice(0, i, i + 1),
                            new Expected(wanted, Expected.map(wanted, _ -> largest)),
                            Tolerance.ofSum(F32, 2 * 31 * 96).and(Tolerance.ofFunction(F32)));
                }
            }
        }
    }

    @Test
    void aTapeLeavesNothingBehind() {
        long tensors = engine().liveTensors();
        long bytes = engine().liveBytes();
        try (var _ = engine().openScope();
                var tape = engine().record()) {
            var x = normal(F32, 2, 31, 96).on(engine());
            var weight = engine().pack(normal(F32, 96, 96).on(engine()), F32);
            var loss = Layers.attention(x, x.matmulTransposed(weight), x, 6, 6, 0.2f)
                    .reshape(-1)
                    .sum(0);
            assertThat(tape.gradient(loss, x).toFloats()).hasSize(2 * 31 * 96);
        }
        assertThat(engine().liveTensors()).isEqualTo(tensors);
        assertThat(engine().liveBytes()).isEqualTo(bytes);
    }
}
