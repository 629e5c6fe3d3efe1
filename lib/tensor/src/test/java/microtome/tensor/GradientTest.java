package microtome.tensor;

import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient rule against differences of the operation itself, in double precision. */
class GradientTest {
    private static final double BOUND = 1e-7;

    private final Engine engine = Engine.open("reference");
    private final Random random = new Random(20261124);

    @AfterEach
    void close() {
        engine.close();
    }

    private void check(Differences.Of function, Tensor... inputs) {
        var given = List.of(inputs);
        var shape = function.apply(given).shape();
        var upstream = Differences.normal(engine, random, shape.extents());
        var found = Differences.byTape(function, given, upstream);
        var wanted = Differences.byDifferences(function, given, upstream);
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Differences.relative(found.get(i), wanted.get(i)))
                    .as("gradient of floating input %d: %s, differences %s", i, found.get(i), wanted.get(i))
                    .isLessThanOrEqualTo(BOUND);
        }
        checkBatch(function, given, upstream, found);
    }

    /** Two upstreams at once, the second minus twice the first: so are the gradients. */
    private void checkBatch(Differences.Of function, List<Tensor> given, Tensor upstream, List<double[]> single) {
        var one = upstream.reshape(upstream.shape().precededBy(1).extents());
        var batch = Tensor.concat(0, List.of(one, one.times(-2)));
        var floating =
                given.stream().filter(tensor -> tensor.dtype().isFloating()).toList();
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            var output = function.apply(given);
            var gradients = tape.gradientsOfBatch(List.of(output), List.of(batch), floating);
            for (int i = 0; i < floating.size(); i++) {
                var both = gradients.get(i);
                assertThat(both.shape()).isEqualTo(floating.get(i).shape().precededBy(2));
                var wanted =
                        engine.tensor(single.get(i), floating.get(i).shape().extents());
                assertSame(both.slice(0, 0, 1), wanted);
                assertSame(both.slice(0, 1, 2), wanted.times(-2));
            }
        }
    }

    private static void assertSame(Tensor found, Tensor wanted) {
        assertThat(Differences.relative(found.toDoubles(), wanted.toDoubles())).isLessThanOrEqualTo(1e-12);
    }

    private void check(Op op, Tensor... inputs) {
        check(given -> engine.apply(op, given.toArray(Tensor[]::new)), inputs);
    }

    private Tensor normal(long... extents) {
        return Differences.normal(engine, random, extents);
    }

    /** Away from zero, where some functions have a corner or a pole. */
    private Tensor positive(long... extents) {
        return normal(extents).abs().plus(0.5);
    }

    @ParameterizedTest
    @EnumSource(Op.Unary.Function.class)
    void functionsOfOneValue(Op.Unary.Function function) {
        check(new Op.Unary(function), positive(3, 5));
        if (function != Op.Unary.Function.LOG && function != Op.Unary.Function.SQRT) {
            check(new Op.Unary(function), positive(7).negate());
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Binary.Function.class)
    void functionsOfTwoValuesWhicheverSideRepeats(Op.Binary.Function function) {
        check(new Op.Binary(function), normal(3, 4), positive(3, 4));
        check(new Op.Binary(function), normal(2, 1, 4), positive(3, 1));
        check(new Op.Binary(function), normal(), positive(2, 3));
        check(new Op.Binary(function), normal(2, 3), positive());
    }

    @ParameterizedTest
    @EnumSource(Op.Reduce.Kind.class)
    void reductionsAlongAnyAxis(Op.Reduce.Kind kind) {
        for (int axis = 0; axis < 3; axis++) {
            check(new Op.Reduce(kind, axis), normal(2, 3, 4));
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Activation.class)
    void gatedActivations(Op.Activation activation) {
        check(new Op.GatedActivation(activation, F64), normal(3, 5), normal(3, 5));
    }

    static Stream<Arguments> movements() {
        return Stream.of(
                        new Op.Cast(F64),
                        new Op.Reshape(Shape.of(4, 6)),
                        new Op.Permute(List.of(2, 0, 1)),
                        new Op.Broadcast(Shape.of(5, 2, 3, 4)),
                        new Op.Slice(1, 1, 3),
                        new Op.Slice(0, 0, 1),
                        new Op.Pad(1, 2, 1, 7),
                        new Op.Pad(2, 0, 0, 1),
                        new Op.Softmax(1),
                        new Op.Softmax(2))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("movements")
    void movementsAndSoftmax(Op op) {
        check(op, normal(2, 3, 4));
    }

    @Test
    void concatGivesEveryPartItsOwn() {
        check(new Op.Concat(1), normal(2, 3, 2), normal(2, 1, 2), normal(2, 2, 2));
        var twice = normal(2, 3);
        check(given -> Tensor.concat(0, List.of(given.getFirst(), given.getFirst())), twice);
    }

    @Test
    void repeatOfAUnitAxisIsSummed() {
        check(new Op.Broadcast(Shape.of(2, 3, 4)), normal(3, 1));
        check(new Op.Broadcast(Shape.of(3, 4)), normal());
    }

    @Test
    void rowsThatAreTakenOrAddedOften() {
        var indices = engine.indices(new int[] {4, 0, 4, 4, 2, 1}, 2, 3);
        check(new Op.Gather(), normal(5, 3), indices);
        check(new Op.ScatterAdd(), normal(5, 3), indices, normal(2, 3, 3));
    }

    @Test
    void choicesAndPlaces() {
        var condition = engine.indices(new int[] {1, 0, 0, 1, 1, 0}, 2, 3);
        check(new Op.Where(), condition, normal(2, 3), normal(2, 3));
        check(new Op.Where(), condition, normal(), normal(4, 1, 3));
        check(given -> given.getFirst().takeAlong(given.getFirst().topK(2)), normal(2, 3, 5));
    }

    @Test
    void anUnchosenInfinityDoesNotSpoilTheOther() {
        var x = normal(2, 3);
        var condition = engine.indices(new int[] {1, 0, 0, 1, 1, 0}, 2, 3);
        var never = engine.filled(Double.NEGATIVE_INFINITY, F64);
        check(given -> condition.where(given.getFirst(), never).softmax(1), x);
    }

    @Test
    void productsOfEveryOrientation() {
        check(new Op.MatMul(false, F64), normal(3, 4), normal(4, 2));
        check(new Op.MatMul(true, F64), normal(3, 4), normal(2, 4));
        check(new Op.MatMul(false, F64), normal(2, 3, 4), normal(4, 2), normal(2));
        check(new Op.MatMul(true, F64), normal(2, 3, 4), normal(5, 4), normal(2, 3, 5));
        check(new Op.MatMul(false, F64), normal(2, 3, 4), normal(2, 4, 5), normal(5));
        check(new Op.MatMul(true, F64), normal(2, 2, 3, 4), normal(2, 2, 5, 4));
    }

    @Test
    void normsAndTheirGains() {
        check(new Op.RmsNorm(1e-2f, F64), normal(2, 3, 5), normal(5));
        check(new Op.LayerNorm(1e-2f, F64), normal(2, 3, 5), normal(5), normal(5));
    }

    @Test
    void crossEntropyOfEveryRow() {
        var targets = engine.indices(new int[] {0, 4, 2, 2, 1, 3}, 2, 3);
        check(new Op.CrossEntropy(), normal(2, 3, 5), targets);
    }

    @Test
    void rotationOfEveryHeadAndItsAngles() {
        check(new Op.Rotary(2), normal(2, 3, 8), normal(3, 2), normal(3, 2));
    }

    @Test
    void groupedQueryAttentionWithAndWithoutMask() {
        for (boolean causal : new boolean[] {true, false}) {
            check(new Op.Attention(4, 2, 0.4f, causal), normal(2, 3, 8), normal(2, 5, 4), normal(2, 5, 4));
            check(new Op.AttentionPattern(4, 2, 0.4f, causal), normal(2, 3, 8), normal(2, 5, 4));
        }
    }

    @Test
    void valuesMixedByAnyPattern() {
        check(new Op.AttentionMix(2), normal(2, 4, 3, 5), normal(2, 5, 4));
    }

    @Test
    void aValueUsedTwiceGetsBothGradients() {
        check(given -> given.getFirst().times(given.getFirst()), normal(4));
        check(
                given -> {
                    var x = given.getFirst();
                    return engine.apply(new Op.Attention(2, 2, 0.5f, true), x, x, x);
                },
                normal(1, 3, 4));
        check(given -> given.getFirst().matmulTransposed(given.getFirst()), normal(3, 4));
    }

    @Test
    void theFeaturesThatAnEncoderChooses() {
        var largest = new Op.SparseEncode(Op.SparseEncode.Choice.LARGEST, 3);
        check(largest, normal(2, 5), normal(7, 5), normal(7));
        var active = new Op.SparseEncode(Op.SparseEncode.Choice.ACTIVE, 9);
        check(
                given -> engine.apply(active, given.get(0), given.get(1), given.get(2), engine.filled(0.2, F64, 7)),
                normal(2, 5),
                normal(7, 5),
                normal(7));
    }

    @ParameterizedTest
    @EnumSource(Op.IcaStep.Contrast.class)
    void stepsOfEveryContrast(Op.IcaStep.Contrast contrast) {
        check(new Op.IcaStep(contrast, 1.5f), normal(5, 3), normal(2, 3));
    }

    @Test
    void momentsOfMoreRows() {
        var state = Moments.none(engine, 3).with(normal(4, 3)).state();
        check(given -> engine.apply(new Op.UpdateMoments(), state, given.getFirst()), normal(5, 3));
    }

    @Test
    void cosinesOfRows() {
        check(new Op.Cosine(), normal(4, 3), normal(2, 3));
    }

    @Test
    void activationsThatAreRemembered() {
        var state = Examples.none(engine, 3, 2).with(normal(4, 3)).state();
        check(
                given -> engine.apply(new Op.UpdateExamples(4), state, given.getFirst())
                        .slice(0, 0, 1),
                normal(5, 3));
    }

    @Test
    void everyOperationIsAmongTheTests() {
        // One line per record of the family: a new operation has to be added here and to a test above.
        assertThat(Op.class.getPermittedSubclasses()).hasSize(27);
        assertThat(Op.Domain.class.getPermittedSubclasses()).hasSize(5);
        assertThat(Op.Gradient.class.getPermittedSubclasses()).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(Op.Activation.class)
    void gradientsOfActivationsHaveGradients(Op.Activation activation) {
        check(new Op.Gradient.OfGatedActivation(activation), normal(3, 5), normal(3, 5), normal(3, 5));
        check(new Op.Gradient.OfGatedActivation(activation), normal(3), normal(3), normal(2, 3));
    }

    @Test
    void fusedGradientsHaveGradients() {
        check(new Op.Gradient.OfSoftmax(), normal(3, 5), normal(3, 5));
        check(new Op.Gradient.OfRmsNorm(1e-2f), normal(3, 5), normal(5), normal(2, 3, 5));
        check(new Op.Gradient.OfLayerNorm(1e-2f), normal(3, 5), normal(5), normal(2, 3, 5));
        var targets = engine.indices(new int[] {0, 4, 2}, 3);
        check(new Op.Gradient.OfCrossEntropy(), normal(3, 5), targets, normal(2, 3));
        for (boolean causal : new boolean[] {true, false}) {
            var op = new Op.Gradient.OfAttention(4, 2, 0.4f, causal);
            check(op, normal(2, 3, 8), normal(2, 5, 4), normal(2, 5, 4), normal(2, 3, 8));
            check(op, normal(1, 2, 4), normal(1, 2, 2), normal(1, 2, 2), normal(3, 1, 2, 4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 31, 33, 127})
    void rowsOfAwkwardWidths(int width) {
        check(new Op.Softmax(1), normal(2, width));
        check(new Op.Softmax(0), normal(width, 2));
        for (var kind : Op.Reduce.Kind.values()) {
            check(new Op.Reduce(kind, 1), apart(width));
        }
        check(new Op.RmsNorm(1e-2f, F64), normal(2, width), normal(width));
        check(new Op.LayerNorm(1e-2f, F64), normal(2, width), normal(width), normal(width));
        check(new Op.GatedActivation(Op.Activation.SILU, F64), normal(width), normal(width));
        check(new Op.CrossEntropy(), normal(2, width), engine.indices(new int[] {0, width - 1}, 2));
        check(new Op.MatMul(true, F64), normal(1, width), normal(2, width), normal(2));
        check(new Op.Rotary(1), normal(1, 2, 2L * width), normal(2, width), normal(2, width));
    }

    /** {@code [2, width]} with a tenth between any two values, so that differences do not cross the corner of a maximum. */
    private Tensor apart(int width) {
        var values = new double[2 * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7919L % values.length - width) * 0.1;
        }
        return engine.tensor(values, 2, width);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 31, 33})
    void attentionOfAwkwardLengths(int keys) {
        check(new Op.Attention(2, 1, 0.4f, true), normal(1, 1, 4), normal(1, keys, 2), normal(1, keys, 2));
        check(new Op.Attention(2, 1, 0.4f, true), normal(1, keys, 4), normal(1, keys, 2), normal(1, keys, 2));
    }

    static Stream<Arguments> operationsOnNothing() {
        return Stream.of(
                Arguments.of(new Op.Unary(Op.Unary.Function.EXP), List.of(Shape.of(0, 3))),
                Arguments.of(new Op.Binary(Op.Binary.Function.MULTIPLY), List.of(Shape.of(0, 3), Shape.of(3))),
                Arguments.of(new Op.Where(), List.of(Shape.of(0, 3), Shape.of(3), Shape.of(1, 3))),
                Arguments.of(new Op.Reduce(Op.Reduce.Kind.SUM, 1), List.of(Shape.of(2, 0))),
                Arguments.of(new Op.Reduce(Op.Reduce.Kind.MAX, 1), List.of(Shape.of(2, 0))),
                Arguments.of(new Op.Reduce(Op.Reduce.Kind.LOGSUMEXP, 0), List.of(Shape.of(0, 2))),
                Arguments.of(new Op.Softmax(1), List.of(Shape.of(0, 3))),
                Arguments.of(new Op.Permute(List.of(1, 0)), List.of(Shape.of(0, 3))),
                Arguments.of(new Op.Broadcast(Shape.of(0, 2, 3)), List.of(Shape.of(2, 1))),
                Arguments.of(new Op.Slice(1, 1, 1), List.of(Shape.of(2, 3))),
                Arguments.of(new Op.Pad(1, 1, 1, 0), List.of(Shape.of(2, 0))),
                Arguments.of(new Op.Concat(1), List.of(Shape.of(0, 2), Shape.of(0, 3))),
                Arguments.of(new Op.MatMul(true, F64), List.of(Shape.of(0, 3), Shape.of(2, 3), Shape.of(2))),
                Arguments.of(new Op.MatMul(false, F64), List.of(Shape.of(2, 0), Shape.of(0, 3))),
                Arguments.of(new Op.RmsNorm(1e-2f, F64), List.of(Shape.of(0, 3), Shape.of(3))),
                Arguments.of(new Op.LayerNorm(1e-2f, F64), List.of(Shape.of(0, 3), Shape.of(3), Shape.of(3))),
                Arguments.of(new Op.GatedActivation(Op.Activation.SILU, F64), List.of(Shape.of(0, 3), Shape.of(0, 3))),
                Arguments.of(new Op.Rotary(1), List.of(Shape.of(1, 0, 4), Shape.of(0, 2), Shape.of(0, 2))),
                Arguments.of(
                        new Op.Attention(2, 1, 1, true),
                        List.of(Shape.of(1, 0, 4), Shape.of(1, 3, 2), Shape.of(1, 3, 2))),
                Arguments.of(
                        new Op.Attention(2, 1, 1, true),
                        List.of(Shape.of(0, 2, 4), Shape.of(0, 3, 2), Shape.of(0, 3, 2))));
    }

    @ParameterizedTest
    @MethodSource("operationsOnNothing")
    void whereThereIsNothingTheGradientsAreZeros(Op op, List<Shape> shapes) {
        var inputs = shapes.stream().map(shape -> normal(shape.extents())).toList();
        try (var tape = engine.record()) {
            var output = engine.apply(op, inputs.toArray(Tensor[]::new));
            var upstream = normal(output.shape().extents());
            var gradients = tape.gradients(List.of(output), List.of(upstream), inputs);
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(gradients.get(i).type()).isEqualTo(inputs.get(i).type());
                for (double value : gradients.get(i).toDoubles()) {
                    assertThat(value).isZero();
                }
            }
        }
    }

    @Test
    void theTransposedJacobianIsTheAdjoint() {
        var x = normal(2, 3, 8);
        var direction = normal(2, 3, 8);
        var gain = normal(8);
        Differences.Of function = given -> {
            var normed = Layers.rmsNorm(given.getFirst(), gain, 1e-5f, F64);
            return Layers.attention(normed, normed, normed, 2, 2, 0.5f).tanh();
        };
        var upstream = normal(2, 3, 8);
        var backwards = Differences.byTape(function, List.of(x), upstream).getFirst();
        double right = dot(backwards, direction.toDoubles());
        double step = 1e-3;
        var forwards = new ArrayList<double[]>();
        for (double by : new double[] {step, -step, 2 * step, -2 * step}) {
            forwards.add(function.apply(List.of(x.plus(direction.times(by)))).toDoubles());
        }
        var weights = upstream.toDoubles();
        double near = dot(forwards.get(0), weights) - dot(forwards.get(1), weights);
        double far = dot(forwards.get(2), weights) - dot(forwards.get(3), weights);
        double left = (8 * near - far) / (12 * step);
        assertThat(Math.abs(left - right)).isLessThanOrEqualTo(BOUND * Math.abs(left));
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
