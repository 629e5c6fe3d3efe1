package microtome.tensor;

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

    /** Fused along the last axis. */
    static Tensor softmax(int axis, Backstep step) {
        int fromEnd = step.fromEnd(0, axis);
        if (fromEnd == -1) {
            return FusedGradient.softmax(step);
        }
        var weighted = step.upstream().times(step.output());
        return weighted.minus(step.output().times(weighted.sum(fromEnd)));
    }
}
