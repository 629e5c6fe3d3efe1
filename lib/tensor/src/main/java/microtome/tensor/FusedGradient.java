package microtome.tensor;

import java.util.ArrayList;

/** The gradients that are one operation each, handed to the inputs that want them. */
final class FusedGradient {
    private FusedGradient() {}

    static Tensor softmax(Backstep step) {
        return apply(step, new Op.Gradient.OfSoftmax(), step.output());
    }

    static Tensor crossEntropy(Backstep step) {
        return apply(step, new Op.Gradient.OfCrossEntropy(), step.input(0), step.input(1));
    }

    static Tensor[] rmsNorm(float epsilon, Backstep step) {
        return step.answer(
                () -> apply(step, new Op.Gradient.OfRmsNorm(epsilon), step.input(0), step.input(1)),
                () -> step.upstream()
                        .cast(Decomposition.wideType(step.input(0)))
                        .times(GradientDecomposition.rootMeanSquare(step.input(0), epsilon)
                                .normed()));
    }

    static Tensor[] layerNorm(float epsilon, Backstep step) {
        return step.answer(
                () -> apply(step, new Op.Gradient.OfLayerNorm(epsilon), step.input(0), step.input(1)),
                () -> step.upstream()
                        .cast(Decomposition.wideType(step.input(0)))
                        .times(GradientDecomposition.centred(step.input(0), epsilon)
                                .normed()),
                step::upstream);
    }

    static Tensor[] gated(Op.Activation activation, Backstep step) {
        var both = apply(step, new Op.Gradient.OfGatedActivation(activation), step.input(0), step.input(1));
        return step.answer(() -> half(both, 0, step), () -> half(both, 1, step));
    }

    private static Tensor half(Tensor both, int index, Backstep step) {
        return both.slice(0, index, index + 1).reshape(step.extents(index));
    }

    static Tensor[] attention(Op.Attention op, Backstep step) {
        var gradient = new Op.Gradient.OfAttention(op.heads(), op.keyValueHeads(), op.scale(), op.causal());
        var all = apply(step, gradient, step.input(0), step.input(1), step.input(2));
        var answer = new Tensor[step.wanted().length];
        long first = 0;
        for (int i = 0; i < answer.length; i++) {
            long next = first + step.batch().shape(step.type(i).shape()).elements();
            answer[i] = step.wanted()[i] ? all.slice(0, first, next).reshape(step.extents(i)) : null;
            first = next;
        }
        return answer;
    }

    private static Tensor apply(Backstep step, Op.Gradient op, Tensor... stored) {
        var inputs = new ArrayList<Tensor>();
        for (var each : stored) {
            inputs.add(each);
        }
        inputs.add(step.upstream());
        return step.engine().apply(op, inputs.toArray(Tensor[]::new));
    }
}
