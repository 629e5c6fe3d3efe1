package microtome.tensor.reference;

import java.util.Arrays;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** One value from one or two values in the same place. */
final class Elementwise {
    private static final double GELU_CUBIC = 0.044715;

    private Elementwise() {}

    static double[] unary(Op.Unary.Function function, TensorView input) {
        var results = Arrays.stream(Values.read(input)).map(x -> unary(function, x));
        return input.dtype() == DType.I32 ? results.map(Values::wrapped).toArray() : results.toArray();
    }

    private static double unary(Op.Unary.Function function, double x) {
        return switch (function) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case TANH -> Math.tanh(x);
            case ERF -> ErrorFunction.erf(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
        };
    }

    static double[] binary(Op.Binary.Function function, TensorView left, TensorView right, Shape output) {
        var result = Values.read(Moves.broadcast(left, output));
        var others = Values.read(Moves.broadcast(right, output));
        boolean whole = left.dtype() == DType.I32;
        for (int i = 0; i < result.length; i++) {
            result[i] = whole
                    ? integers(function, (int) result[i], (int) others[i])
                    : reals(function, result[i], others[i]);
        }
        return result;
    }

    private static double reals(Op.Binary.Function function, double left, double right) {
        return switch (function) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MAXIMUM -> Math.max(left, right);
            case MINIMUM -> Math.min(left, right);
            case LESS -> left < right ? 1 : 0;
        };
    }

    /** As {@link #reals}, but a sum or product that does not fit wraps around. */
    private static int integers(Op.Binary.Function function, int left, int right) {
        return switch (function) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> throw new AssertionError("the shape rule refuses to divide integers");
            case MAXIMUM -> Math.max(left, right);
            case MINIMUM -> Math.min(left, right);
            case LESS -> left < right ? 1 : 0;
        };
    }

    static double[] gated(Op.Activation activation, TensorView gate, TensorView up) {
        var result = Values.read(gate);
        var others = Values.read(up);
        for (int i = 0; i < result.length; i++) {
            result[i] = activate(activation, result[i]) * others[i];
        }
        return result;
    }

    static double activate(Op.Activation activation, double x) {
        return switch (activation) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + GELU_CUBIC * x * x * x)));
            case GELU_ERF -> x / 2 * (1 + ErrorFunction.erf(x * Math.sqrt(0.5)));
        };
    }
}
