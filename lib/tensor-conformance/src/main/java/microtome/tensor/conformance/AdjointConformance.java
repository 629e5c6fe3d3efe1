package microtome.tensor.conformance;

import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code <J v, u> = <v, Jᵀ u>} of every operation: on the right the backend's gradient in F32, on the left differences of
 * fourth order of the operation itself, in F64 on the reference.
 */
public abstract class AdjointConformance extends BackendConformance {
    private static final double STEP = 1e-3;
    /** What differences of fourth order may be wrong by, relative to the sizes of both vectors. */
    private static final double OF_DIFFERENCES = 1e-8;

    /** For subclasses. */
    protected AdjointConformance() {}

    /** Where operations have corners or poles, differences must stay away from them. */
    enum Values {
        NORMAL,
        /** At least a half. */
        POSITIVE,
        /** All of all inputs at least a tenth apart. */
        APART
    }

    /**
     * An operation on inputs of these shapes.
     *
     * @param terms how many products the longest sum of the way there and back has
     * @param indices values of I32 inputs, by place; null where an input is floating
     * @param values what floating inputs are
     */
    record Case(Op op, long terms, Values values, List<int[]> indices, List<Shape> shapes) {
        static Case of(Op op, long terms, long[]... extents) {
            var shapes = Stream.of(extents).map(Shape::of).toList();
            return new Case(
                    op, terms, Values.NORMAL, new ArrayList<>(Collections.nCopies(shapes.size(), null)), shapes);
        }

        Case of(Values others) {
            return new Case(op, terms, others, indices, shapes);
        }

        Case with(int place, int... values) {
            indices.set(place, values);
            return this;
        }

        @Override
        public String toString() {
            return op + " of " + shapes;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(elementwise(), movements(), rows(), products(), gradients())
                .flatMap(each -> each);
    }

    private static long[] of(long... extents) {
        return extents;
    }

    private static Stream<Case> elementwise() {
        var cases = new ArrayList<Case>();
        for (var function : Op.Unary.Function.values()) {
            cases.add(Case.of(new Op.Unary(function), 1, of(3, 33)).of(Values.POSITIVE));
        }
        for (var function : Op.Binary.Function.values()) {
            var values = hasCorner(function) ? Values.APART : Values.POSITIVE;
            cases.add(Case.of(new Op.Binary(function), 31, of(2, 1, 33), of(31, 1))
                    .of(values));
        }
        for (var activation : Op.Activation.values()) {
            cases.add(Case.of(new Op.GatedActivation(activation, F64), 1, of(3, 127), of(3, 127)));
        }
        cases.add(Case.of(new Op.Where(), 2, of(2, 3), of(2, 3), of(4, 1, 3)).with(0, 1, 0, 0, 1, 1, 0));
        return cases.stream();
    }

    private static boolean hasCorner(Op.Binary.Function function) {
        return switch (function) {
            case MAXIMUM, MINIMUM, LESS -> true;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> false;
        };
    }

    private static Stream<Case> movements() {
        return Stream.of(
                Case.of(new Op.Cast(F64), 1, of(31)),
                Case.of(new Op.Reshape(Shape.of(33, 31)), 1, of(31, 33)),
                Case.of(new Op.Permute(List.of(2, 0, 1)), 1, of(3, 31, 33)),
                Case.of(new Op.Broadcast(Shape.of(7, 31, 33)), 231, of(31, 1)),
                Case.of(new Op.Slice(1, 2, 9), 1, of(31, 33)),
                Case.of(new Op.Concat(1), 1, of(31, 3), of(31, 2), of(31, 1)),
                Case.of(new Op.Pad(0, 1, 2, 3), 1, of(31, 33)),
                Case.of(new Op.Gather(), 3, of(5, 33), of(2, 3)).with(1, 4, 0, 4, 4, 2, 1),
                Case.of(new Op.ScatterAdd(), 3, of(5, 33), of(3), of(3, 33)).with(1, 4, 0, 4));
    }

    private static Stream<Case> rows() {
        var cases = new ArrayList<Case>();
        for (var kind : Op.Reduce.Kind.values()) {
            cases.add(Case.of(new Op.Reduce(kind, 1), 127, of(3, 127)).of(Values.APART));
            cases.add(Case.of(new Op.Reduce(kind, 0), 31, of(31, 3)).of(Values.APART));
        }
        cases.add(Case.of(new Op.Softmax(1), 257, of(3, 257)));
        cases.add(Case.of(new Op.Softmax(0), 31, of(31, 3)));
        cases.add(Case.of(new Op.RmsNorm(1e-5f, F64), 257, of(3, 257), of(257)));
        cases.add(Case.of(new Op.LayerNorm(1e-5f, F64), 257, of(3, 257), of(257), of(257)));
        cases.add(Case.of(new Op.CrossEntropy(), 127, of(3, 127), of(3)).with(1, 126, 0, 31));
        return cases.stream();
    }

    private static Stream<Case> products() {
        return Stream.of(
                Case.of(new Op.MatMul(false, F64), 127, of(31, 127), of(127, 33), of(33)),
                Case.of(new Op.MatMul(true, F64), 127, of(2, 31, 127), of(33, 127), of(2, 31, 33)),
                Case.of(new Op.MatMul(false, F64), 127, of(2, 31, 127), of(2, 127, 33)),
                Case.of(new Op.MatMul(true, F64), 127, of(2, 31, 127), of(2, 33, 127)),
                Case.of(new Op.Rotary(3), 12, of(2, 5, 24), of(5, 4), of(5, 4)),
                Case.of(new Op.Attention(4, 2, 0.2f, true), 31 * 32, of(2, 31, 64), of(2, 33, 32), of(2, 33, 32)),
                Case.of(new Op.Attention(3, 3, 0.2f, false), 31 * 16, of(1, 31, 48), of(1, 33, 48), of(1, 33, 48)));
    }

    private static Stream<Case> gradients() {
        return Stream.of(
                Case.of(new Op.Gradient.OfSoftmax(), 33, of(3, 33), of(2, 3, 33)),
                Case.of(new Op.Gradient.OfRmsNorm(1e-2f), 33, of(3, 33), of(33), of(2, 3, 33)),
                Case.of(new Op.Gradient.OfLayerNorm(1e-2f), 33, of(3, 33), of(33), of(2, 3, 33)),
                Case.of(new Op.Gradient.OfGatedActivation(Op.Activation.SILU), 2, of(3, 5), of(3, 5), of(2, 3, 5)),
                Case.of(new Op.Gradient.OfGatedActivation(Op.Activation.GELU_TANH), 2, of(3, 5), of(3, 5), of(3, 5)),
                Case.of(new Op.Gradient.OfGatedActivation(Op.Activation.GELU_ERF), 2, of(3, 5), of(3, 5), of(3, 5)),
                Case.of(new Op.Gradient.OfCrossEntropy(), 33, of(3, 33), of(3), of(2, 3))
                        .with(1, 32, 0, 7),
                Case.of(
                        new Op.Gradient.OfAttention(4, 2, 0.3f, true),
                        7 * 16,
                        of(1, 5, 16),
                        of(1, 7, 8),
                        of(1, 7, 8),
                        of(2, 1, 5, 16)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientIsTheAdjointOfTheDerivative(Case tested) {
        var inputs = inputs(tested);
        var directions = inputs.stream()
                .map(input -> input.type().dtype() == I32
                        ? null
                        : normal(F32, input.type().shape().extents()))
                .toList();
        var upstream = upstream(tested, inputs);
        double forwards = derivative(tested.op(), inputs, directions, upstream);
        var gradients = gradients(tested.op(), inputs, upstream);
        double backwards = 0;
        double bound = 0;
        var tolerance = Tolerance.ofSum(F32, tested.terms());
        for (int i = 0; i < 8; i++) {
            tolerance = tolerance.and(Tolerance.ofFunction(F32));
        }
        for (int i = 0; i < gradients.size(); i++) {
            if (directions.get(i) != null) {
                double largest =
                        1 + Arrays.stream(gradients.get(i)).map(Math::abs).max().orElse(0);
                for (int j = 0; j < gradients.get(i).length; j++) {
                    double along = directions.get(i).values()[j];
                    backwards += along * gradients.get(i)[j];
                    bound += Math.abs(along)
                            * (tolerance.bound(gradients.get(i)[j], largest) + OF_DIFFERENCES * largest);
                }
            }
        }
        assertThat(Math.abs(forwards - backwards))
                .as("<J v, u> = %s, <v, Jᵀ u> = %s", forwards, backwards)
                .isLessThanOrEqualTo(bound);
    }

    private List<Host> inputs(Case tested) {
        var apart = apart(tested);
        var inputs = new ArrayList<Host>();
        for (int i = 0; i < tested.shapes().size(); i++) {
            var extents = tested.shapes().get(i).extents();
            var indices = tested.indices().get(i);
            if (indices != null) {
                inputs.add(Host.of(I32, IntStream.of(indices).asDoubleStream().toArray(), extents));
            } else {
                var values = normal(F32, extents).values();
                inputs.add(Host.of(
                        F32,
                        switch (tested.values()) {
                            case NORMAL -> values;
                            case POSITIVE -> Expected.map(values, x -> Math.abs(x) + 0.5);
                            case APART -> Expected.map(values, _ -> apart.next());
                        },
                        extents));
            }
        }
        return inputs;
    }

    /** As many numbers as the inputs have elements, a tenth apart, around zero, in any order. */
    private Iterator<Double> apart(Case tested) {
        int count = (int) tested.shapes().stream().mapToLong(Shape::elements).sum();
        var numbers = new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> (i - count / 2) * 0.1).toList());
        Collections.shuffle(numbers, random());
        return numbers.iterator();
    }

    private Host upstream(Case tested, List<Host> inputs) {
        try (var reference = Engine.open("reference")) {
            return normal(
                    F32, applied(reference, F64, tested.op(), inputs).shape().extents());
        }
    }

    private static Tensor applied(Engine on, DType type, Op op, List<Host> inputs) {
        return on.apply(op, tensors(on, type, inputs).toArray(Tensor[]::new));
    }

    private static List<Tensor> tensors(Engine on, DType type, List<Host> inputs) {
        return inputs.stream()
                .map(input -> input.type().dtype() == I32
                        ? input.on(on)
                        : Host.of(type, input.values(), input.type().shape().extents())
                                .on(on))
                .toList();
    }

    /** Of {@code <op(inputs), upstream>} along the directions. */
    private static double derivative(Op op, List<Host> inputs, List<Host> directions, Host upstream) {
        try (var reference = Engine.open("reference")) {
            double near = moved(reference, op, inputs, directions, STEP, upstream)
                    - moved(reference, op, inputs, directions, -STEP, upstream);
            double far = moved(reference, op, inputs, directions, 2 * STEP, upstream)
                    - moved(reference, op, inputs, directions, -2 * STEP, upstream);
            return (8 * near - far) / (12 * STEP);
        }
    }

    private static double moved(
            Engine on, Op op, List<Host> inputs, List<Host> directions, double step, Host upstream) {
        var changed = new ArrayList<Host>();
        for (int i = 0; i < inputs.size(); i++) {
            var input = inputs.get(i);
            var direction = directions.get(i);
            if (direction == null) {
                changed.add(input);
            } else {
                var values = new double[input.values().length];
                for (int j = 0; j < values.length; j++) {
                    values[j] = input.values()[j] + step * direction.values()[j];
                }
                changed.add(Host.of(F64, values, input.type().shape().extents()));
            }
        }
        var output = applied(on, F64, op, changed).toDoubles();
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            sum += output[i] * upstream.values()[i];
        }
        return sum;
    }

    /** By the backend in F32; an operation that names its output type gives F32 there. */
    private List<double[]> gradients(Op op, List<Host> inputs, Host upstream) {
        try (var _ = engine().openScope();
                var tape = engine().record()) {
            var tensors = tensors(engine(), F32, inputs);
            var output = engine().apply(inF32(op), tensors.toArray(Tensor[]::new));
            var floating = tensors.stream()
                    .filter(tensor -> tensor.dtype().isFloating())
                    .toList();
            var found = tape.gradients(List.of(output), List.of(upstream.on(engine())), floating);
            var gradients = new ArrayList<double[]>();
            int next = 0;
            for (var tensor : tensors) {
                gradients.add(tensor.dtype().isFloating() ? found.get(next++).toDoubles() : new double[0]);
            }
            return gradients;
        }
    }

    private static Op inF32(Op op) {
        return switch (op) {
            case Op.Cast _ -> new Op.Cast(F32);
            case Op.GatedActivation(var activation, var _) -> new Op.GatedActivation(activation, F32);
            case Op.RmsNorm(float epsilon, var _) -> new Op.RmsNorm(epsilon, F32);
            case Op.LayerNorm(float epsilon, var _) -> new Op.LayerNorm(epsilon, F32);
            case Op.MatMul(boolean transposed, var _) -> new Op.MatMul(transposed, F32);
            default -> op;
        };
    }
}
