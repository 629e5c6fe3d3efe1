package microtome.tensor;

/** Gradients of functions of one and two values in the same place. */
final class ElementwiseGradient {
    private static final double GELU_CUBIC = 0.044715;

    private ElementwiseGradient() {}

    /** Null where the function is flat. */
    static Tensor unary(Op.Unary.Function function, Backstep step) {
        var upstream = step.upstream();
        return switch (function) {
            case NEGATE -> upstream.negate();
            case ABS -> upstream.times(step.input(0).sign());
            case SIGN -> null;
            case EXP -> upstream.times(step.output());
            case LOG -> upstream.dividedBy(step.input(0));
            case SQRT -> upstream.dividedBy(step.output()).times(0.5);
            case RECIPROCAL -> upstream.times(squared(step.output())).negate();
            case TANH -> upstream.times(oneMinus(squared(step.output())));
            case ERF -> upstream.times(squared(step.input(0)).negate().exp()).times(2 / Math.sqrt(Math.PI));
            case SIN -> upstream.times(step.input(0).cos());
            case COS -> upstream.times(step.input(0).sin()).negate();
            case SIGMOID -> upstream.times(step.output()).times(oneMinus(step.output()));
        };
    }

    /** Results have the shape of the output; what was broadcast is summed by the caller. */
    static Tensor[] binary(Op.Binary.Function function, Backstep step) {
        var upstream = step.upstream();
        return switch (function) {
            case ADD -> step.answer(() -> upstream, () -> upstream);
            case SUBTRACT -> step.answer(() -> upstream, upstream::negate);
            case MULTIPLY -> step.answer(() -> upstream.times(step.input(1)), () -> upstream.times(step.input(0)));
            case DIVIDE ->
                step.answer(
                        () -> upstream.dividedBy(step.input(1)),
                        () -> upstream.times(step.output())
                                .dividedBy(step.input(1))
                                .negate());
            case MAXIMUM ->
                step.answer(() -> upstream.times(larger(step, 0, 1)), () -> upstream.times(larger(step, 1, 0)));
            case MINIMUM ->
                step.answer(() -> upstream.times(larger(step, 1, 0)), () -> upstream.times(larger(step, 0, 1)));
            case LESS -> step.answer();
        };
    }

    /** 1 where one input is larger than the other, a half where they are equal, else 0. */
    private static Tensor larger(Backstep step, int one, int other) {
        var above = step.input(other).less(step.input(one));
        var below = step.input(one).less(step.input(other));
        return above.minus(below).plus(1).times(0.5);
    }

    /** The derivative of an activation. */
    static Tensor slope(Op.Activation activation, Tensor x) {
        return switch (activation) {
            case SILU -> {
                var open = x.sigmoid();
                yield open.times(x.times(oneMinus(open)).plus(1));
            }
            case GELU_TANH -> {
                double factor = Math.sqrt(2 / Math.PI);
                var square = squared(x);
                var bend =
                        square.times(GELU_CUBIC).plus(1).times(x).times(factor).tanh();
                var steepness = square.times(3 * GELU_CUBIC).plus(1).times(factor);
                var inner = oneMinus(squared(bend)).times(x).times(steepness);
                yield bend.plus(1).plus(inner).times(0.5);
            }
            case GELU_ERF -> {
                var density = squared(x).times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI));
                var share = x.times(Math.sqrt(0.5)).erf().plus(1).times(0.5);
                yield share.plus(x.times(density));
            }
        };
    }

    private static Tensor squared(Tensor x) {
        return x.times(x);
    }

    private static Tensor oneMinus(Tensor x) {
        return x.negate().plus(1);
    }
}
