package microtome.tensor;

import java.util.function.Supplier;

/** Gradients of operations along one axis. */
final class RowGradient {
    private RowGradient() {}

    static Tensor reduce(Op.Reduce reduce, Backstep step) {
        var upstream = step.upstream();
        return switch (reduce.kind()) {
            case SUM -> upstream.broadcast(step.extents(0));
            case MAX -> {
                var largest = step.input(0).less(step.output()).negate().plus(1); // 1 at the maximum and its equals
                yield largest.times(upstream.dividedBy(largest.sum(reduce.axis())));
            }
            case LOGSUMEXP -> upstream.times(step.input(0).minus(step.output()).exp());
        };
    }

    static Tensor softmax(int axis, Backstep step) {
        var weighted = step.upstream().times(step.output());
        return weighted.minus(step.output().times(weighted.sum(step.fromEnd(0, axis))));
    }

    /** With n = x / scale: {@code (u - n mean(u n)) / scale} of u = gain * upstream. */
    static Tensor[] rmsNorm(double epsilon, Backstep step) {
        var x = Decomposition.wide(step.input(0));
        var scale = x.times(x).mean(-1).plus(epsilon).sqrt(); // [..., 1]
        return norm(step, x.dividedBy(scale), scale, Norm.ROOT_MEAN_SQUARE);
    }

    /** With n = (x - mean) / scale: {@code (u - mean(u) - n mean(u n)) / scale} of u = gain * upstream. */
    static Tensor[] layerNorm(double epsilon, Backstep step) {
        var x = Decomposition.wide(step.input(0));
        var centred = x.minus(x.mean(-1));
        var scale = centred.times(centred).mean(-1).plus(epsilon).sqrt(); // [..., 1]
        return norm(step, centred.dividedBy(scale), scale, Norm.LAYER);
    }

    private enum Norm {
        ROOT_MEAN_SQUARE,
        LAYER
    }

    private static Tensor[] norm(Backstep step, Tensor normed, Tensor scale, Norm kind) {
        var upstream = Decomposition.wide(step.upstream());
        Supplier<Tensor> ofInput = () -> {
            var weighted = upstream.times(step.input(1).cast(upstream.dtype()));
            var across = weighted.minus(normed.times(weighted.times(normed).mean(-1)));
            return (kind == Norm.LAYER ? across.minus(weighted.mean(-1)) : across).dividedBy(scale);
        };
        return step.answer(ofInput, () -> upstream.times(normed), () -> upstream);
    }

    /** {@code upstream * (softmax(logits) - 1 at the target)}. */
    static Tensor crossEntropy(Backstep step) {
        var logits = Decomposition.wide(step.input(0));
        var shape = step.batch().shape(logits.shape());
        var column = step.batch()
                .repeat(step.input(1).reshape(step.type(1).shape().followedBy(1).extents()));
        var upstream = step.upstream().reshape(column.shape().extents()); // [..., 1]
        var spread = logits.softmax(-1).times(upstream);
        long rows = column.shape().elements();
        var places = Taking.flat(shape, column).reshape(rows);
        return spread.reshape(shape.elements(), 1)
                .scatterAdd(places, upstream.negate().reshape(rows, 1))
                .reshape(shape.extents());
    }
}
