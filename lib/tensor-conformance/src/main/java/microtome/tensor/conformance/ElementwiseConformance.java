package microtome.tensor.conformance;

import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of one and two values. */
public abstract class ElementwiseConformance extends BackendConformance {
    private static final DType[] TYPES = {DType.F32, DType.BF16, DType.F16};
    private static final double SPREAD = 3;

    /** For subclasses. */
    protected ElementwiseConformance() {}

    @ParameterizedTest
    @EnumSource(Op.Unary.Function.class)
    void functionsOfOneValue(Op.Unary.Function function) {
        boolean positive = function == Op.Unary.Function.LOG || function == Op.Unary.Function.SQRT;
        for (var type : TYPES) {
            for (int size : AWKWARD) {
                var numbers = Expected.map(normal(F32, size).values(), x -> positive ? Math.abs(x) + 1e-3 : SPREAD * x);
                var input = Host.of(type, numbers, size);
                var output = engine().apply(new Op.Unary(function), input.on(engine()));
                var expected = Expected.map(input.values(), exact(function));
                assertClose(
                        output,
                        new Expected(expected, conditions(function, input.values())),
                        Tolerance.ofFunction(type));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Unary.Function.class)
    void unusualValuesKeepTheirMeaning(Op.Unary.Function function) {
        var values = new double[] {
            0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 100, -100, 1e-30, -1e-30
        };
        var input = Host.of(F32, values, values.length);
        var output = engine().apply(new Op.Unary(function), input.on(engine())).toDoubles();
        var expected = Expected.map(input.values(), exact(function));
        for (int i = 0; i < values.length; i++) {
            boolean finite = Math.abs(expected[i]) < Float.MAX_VALUE;
            double wanted = finite ? expected[i] : (float) expected[i];
            double bound =
                    Tolerance.ofFunction(F32).bound(wanted, conditions(function, new double[] {input.values()[i]})[0]);
            boolean same = finite ? Math.abs(output[i] - wanted) <= bound : Double.compare(output[i], wanted) == 0;
            assertThat(same)
                    .as("%s of %s is %s, expected %s", function, values[i], output[i], wanted)
                    .isTrue();
        }
    }

    /** The function in double precision; erf by numerical integration of its definition. */
    private static DoubleUnaryOperator exact(Op.Unary.Function function) {
        return switch (function) {
            case NEGATE -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case RECIPROCAL -> x -> 1 / x;
            case TANH -> Math::tanh;
            case ERF -> Oracle::erf;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case SIGMOID -> x -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
        };
    }

    /** {@code |f(x)| + |x f'(x)|}: what a rounding of the result and one of the argument change. */
    private static double[] conditions(Op.Unary.Function function, double[] inputs) {
        return Expected.map(inputs, x -> {
            double y = exact(function).applyAsDouble(x);
            double slope = switch (function) {
                case NEGATE, ABS, SIGN, SQRT, RECIPROCAL -> 0;
                case EXP -> y;
                case LOG -> 1 / x;
                case TANH -> 1 - y * y;
                case ERF -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
                case SIN, COS -> 1;
                case SIGMOID -> y * (1 - y);
            };
            double change = Math.abs(x * slope);
            return Math.abs(y) + (Double.isFinite(change) ? change : 0);
        });
    }

    @ParameterizedTest
    @EnumSource(Op.Binary.Function.class)
    void functionsOfTwoValuesRoundOnce(Op.Binary.Function function) {
        for (var type : TYPES) {
            for (int size : AWKWARD) {
                var left = normal(type, size);
                var right = normal(type, size);
                var output = engine().apply(new Op.Binary(function), left.on(engine()), right.on(engine()));
                assertExact(output, inFloat(combined(left, right, left.type().shape(), exact(function))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Op.Binary.Function.class)
    void broadcastsBothSides(Op.Binary.Function function) {
        long[][][] pairs = {
            {{5, 1, 33}, {4, 1}},
            {{1}, {257}},
            {{257}, {1}},
            {{}, {3, 31}},
            {{3, 31}, {}},
            {{33, 1}, {1, 31}},
            {{2, 3, 4}, {3, 4}},
            {{2, 1, 2, 1}, {3, 1, 5}},
            {{7, 33}, {7, 1}},
            {{0, 3}, {1, 3}},
            {{1}, {1}},
            {{3, 1, 1, 2, 1, 2}, {2, 1, 1, 2, 1}}
        };
        for (var pair : pairs) {
            var left = normal(F32, pair[0]);
            var right = normal(F32, pair[1]);
            var shape =
                    Shape.broadcast("test", left.type().shape(), right.type().shape());
            var output = engine().apply(new Op.Binary(function), left.on(engine()), right.on(engine()));
            assertThat(output.shape()).isEqualTo(shape);
            assertExact(output, combined(left, right, shape, exact(function)));
        }
    }

    @Test
    void notANumberWinsInMaximumAndMinimumAndIsNeverLess() {
        for (int size : AWKWARD) {
            var left = normal(F32, size);
            var right = normal(F32, size);
            left.values()[size / 2] = Double.NaN;
            right.values()[size - 1] = Double.NaN;
            for (var function : new Op.Binary.Function[] {
                Op.Binary.Function.MAXIMUM, Op.Binary.Function.MINIMUM, Op.Binary.Function.LESS
            }) {
                var output = engine().apply(new Op.Binary(function), left.on(engine()), right.on(engine()));
                assertExact(output, combined(left, right, left.type().shape(), exact(function)));
            }
        }
    }

    @Test
    void integersAddMultiplyAndCompare() {
        for (int size : AWKWARD) {
            var left = Host.of(I32, Expected.map(normal(F32, size).values(), x -> (int) (1000 * x)), size);
            var right = Host.of(I32, Expected.map(normal(F32, size).values(), x -> (int) (1000 * x)), size);
            for (var function : Op.Binary.Function.values()) {
                if (function != Op.Binary.Function.DIVIDE) {
                    var output = engine().apply(new Op.Binary(function), left.on(engine()), right.on(engine()));
                    assertThat(output.dtype()).isEqualTo(I32);
                    assertExact(output, combined(left, right, left.type().shape(), exact(function)));
                }
            }
        }
    }

    @Test
    void integersWrapAround() {
        var large = engine().indices(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, 65536}, 3);
        assertThat(large.plus(1).toInts()).containsExactly(Integer.MIN_VALUE, Integer.MIN_VALUE + 1, 65537);
        assertThat(large.times(large).toInts()).containsExactly(1, 0, 0);
    }

    @Test
    void aTensorMayMeetItself() {
        var input = normal(F32, 257);
        var tensor = input.on(engine());
        assertExact(tensor.times(tensor), Expected.map(input.values(), x -> x * x));
        assertExact(tensor.minus(tensor), new double[257]);
    }

    @ParameterizedTest
    @EnumSource(Op.Activation.class)
    void gatesWithEveryActivation(Op.Activation activation) {
        for (var type : TYPES) {
            for (var output : TYPES) {
                for (int size : new int[] {1, 3, 33, 257}) {
                    var gate = Host.of(type, Expected.map(normal(F32, 3, size).values(), x -> SPREAD * x), 3, size);
                    var up = normal(type, 3, size);
                    var result = engine().apply(
                                    new Op.GatedActivation(activation, output), gate.on(engine()), up.on(engine()));
                    var values = new double[gate.values().length];
                    var magnitudes = new double[values.length];
                    for (int i = 0; i < values.length; i++) {
                        double x = gate.values()[i];
                        values[i] = Oracle.activate(activation, x) * up.values()[i];
                        magnitudes[i] = Math.abs(x * up.values()[i]);
                    }
                    assertClose(result, new Expected(values, magnitudes), Tolerance.ofFunction(output));
                }
            }
        }
    }

    private static DoubleBinaryOperator exact(Op.Binary.Function function) {
        return switch (function) {
            case ADD -> Double::sum;
            case SUBTRACT -> (a, b) -> a - b;
            case MULTIPLY -> (a, b) -> a * b;
            case DIVIDE -> (a, b) -> a / b;
            case MAXIMUM -> Math::max;
            case MINIMUM -> Math::min;
            case LESS -> (a, b) -> a < b ? 1 : 0;
        };
    }

    /** Narrow types are computed in F32 first; double holds the exact result of two floats well enough to round it right. */
    private static double[] inFloat(double[] values) {
        return Expected.map(values, value -> (float) value);
    }

    private static double[] combined(Host left, Host right, Shape shape, DoubleBinaryOperator function) {
        var result = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.applyAsDouble(left.values()[at(i, shape, left)], right.values()[at(i, shape, right)]);
        }
        return result;
    }

    /** The element of an input that broadcasts to element i of the shape. */
    private static int at(int i, Shape shape, Host input) {
        var own = input.type().shape();
        long rest = i;
        long element = 0;
        long stride = 1;
        for (int fromEnd = 1; fromEnd <= own.rank(); fromEnd++) {
            long index = rest % shape.extent(-fromEnd);
            rest /= shape.extent(-fromEnd);
            element += own.extent(-fromEnd) == 1 ? 0 : index * stride;
            stride *= own.extent(-fromEnd);
        }
        return (int) element;
    }
}
