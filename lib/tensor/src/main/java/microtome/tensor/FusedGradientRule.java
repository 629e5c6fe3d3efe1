package microtome.tensor;

import java.util.List;

/** The shape rules of fused gradients. */
final class FusedGradientRule {
    private FusedGradientRule() {}

    /** How many inputs it takes, the upstream included. */
    static int inputs(Op.Gradient op) {
        return switch (op) {
            case Op.Gradient.OfSoftmax _ -> 2;
            case Op.Gradient.OfRmsNorm _, Op.Gradient.OfLayerNorm _ -> 3;
            case Op.Gradient.OfGatedActivation _, Op.Gradient.OfCrossEntropy _ -> 3;
            case Op.Gradient.OfAttention _ -> 4;
        };
    }

    static TensorType output(Op.Gradient op, List<TensorType> inputs) {
        var upstream = ShapeRule.floating(op, inputs.getLast()).shape();
        var shape = switch (op) {
            case Op.Gradient.OfSoftmax() -> {
                inputs.getFirst().shape().axis(op.label(), -1);
                yield batched(op, inputs.getFirst(), upstream);
            }
            case Op.Gradient.OfRmsNorm(float epsilon) -> {
                var norm = new Op.RmsNorm(epsilon, DType.F32);
                yield batched(op, ShapeRule.output(norm, inputs.subList(0, 2)), upstream);
            }
            case Op.Gradient.OfLayerNorm(float epsilon) -> {
                var norm = new Op.LayerNorm(epsilon, DType.F32);
                var weights = List.of(inputs.getFirst(), inputs.get(1), inputs.get(1));
                yield batched(op, ShapeRule.output(norm, weights), upstream);
            }
            case Op.Gradient.OfGatedActivation(var activation) -> {
                var gated = new Op.GatedActivation(activation, DType.F32);
                yield batched(op, ShapeRule.output(gated, inputs.subList(0, 2)), upstream)
                        .precededBy(2);
            }
            case Op.Gradient.OfCrossEntropy() -> {
                var losses = ShapeRule.output(new Op.CrossEntropy(), inputs.subList(0, 2));
                yield batched(op, losses, upstream)
                        .followedBy(inputs.getFirst().shape().extent(-1));
            }
            case Op.Gradient.OfAttention attention -> {
                var result = ShapeRule.output(forward(attention), inputs.subList(0, 3));
                long count = count(batched(op, result, upstream), result.shape());
                long each = inputs.getFirst().shape().elements()
                        + 2 * inputs.get(1).shape().elements();
                yield Shape.of(Math.multiplyExact(count, each));
            }
        };
        return new TensorType(wide(inputs), shape);
    }

    /** The operation that the gradient belongs to. */
    static Op.Attention forward(Op.Gradient.OfAttention op) {
        return new Op.Attention(op.heads(), op.keyValueHeads(), op.scale(), op.causal());
    }

    /** How many gradients there are of one value: the product of the axes that a batch has in front. */
    static long count(Shape batch, Shape value) {
        long count = 1;
        for (int axis = 0; axis < batch.rank() - value.rank(); axis++) {
            count *= batch.extent(axis);
        }
        return count;
    }

    private static DType wide(List<TensorType> inputs) {
        return inputs.stream().anyMatch(input -> input.dtype() == DType.F64) ? DType.F64 : DType.F32;
    }

    private static Shape batched(Op.Gradient op, TensorType result, Shape upstream) {
        int added = upstream.rank() - result.shape().rank();
        boolean fits = added >= 0;
        for (int axis = 0; fits && axis < result.shape().rank(); axis++) {
            fits = upstream.extent(added + axis) == result.shape().extent(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException("%s: the upstream is %s; it must be %s, with any axes in front"
                    .formatted(op.label(), upstream, result.shape()));
        }
        return upstream;
    }
}
