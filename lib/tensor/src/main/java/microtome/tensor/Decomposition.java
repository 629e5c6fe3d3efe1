package microtome.tensor;

import java.util.List;

/**
 * Every fused operation in primitives: what it means, what a backend without it runs, and what its conformance test
 * compares with. BF16 and F16 inputs are widened first, so that only the result is rounded.
 */
public final class Decomposition {
    private static final double GELU_CUBIC = 0.044715;

    private Decomposition() {}

    /** Computes a fused operation; a primitive is applied as it is. */
    public static Tensor of(Op op, List<Tensor> inputs) {
        var engine = inputs.getFirst().engine();
        try (var scope = engine.openScope()) {
            return scope.keep(
                    switch (op) {
                        case Op.RmsNorm(float epsilon, var output) ->
                            rmsNorm(wide(inputs.getFirst()), wide(inputs.get(1)), epsilon)
                                    .cast(output);
                        case Op.Rotary(int heads) ->
                            rotary(inputs, heads).cast(inputs.getFirst().dtype());
                        case Op.Attention attention ->
                            attention(attention, inputs).cast(inputs.getFirst().dtype());
                        case Op.AttentionPattern pattern ->
                            pattern(pattern, wide(inputs.getFirst()), wide(inputs.get(1)));
                        case Op.AttentionMix(int keyValueHeads) ->
                            mix(keyValueHeads, wide(inputs.getFirst()), wide(inputs.get(1)))
                                    .cast(inputs.get(1).dtype());
                        case Op.GatedActivation(var activation, var output) ->
                            activate(activation, wide(inputs.getFirst()))
                                    .times(wide(inputs.get(1)))
                                    .cast(output);
                        case Op.LayerNorm(float epsilon, var output) ->
                            layerNorm(inputs, epsilon).cast(output);
                        case Op.Domain domain -> DomainDecomposition.of(domain, inputs);
                        case Op.CrossEntropy() -> crossEntropy(wide(inputs.getFirst()), inputs.get(1));
                        case Op.Gradient gradient -> GradientDecomposition.of(gradient, inputs);
                        case Op.Fill _,
                                Op.Cast _,
                                Op.Reshape _,
                                Op.Permute _,
                                Op.Broadcast _,
                                Op.Slice _,
                                Op.Concat _,
                                Op.Pad _,
                                Op.Gather _,
                                Op.ScatterAdd _,
                                Op.Where _ -> engine.apply(op, inputs.toArray(Tensor[]::new));
                        case Op.Unary _, Op.Binary _, Op.Reduce _, Op.Softmax _, Op.TopK _, Op.MatMul _ ->
                            engine.apply(op, inputs.toArray(Tensor[]::new));
                    });
        }
    }

    static DType wideType(Tensor tensor) {
        return tensor.dtype() == DType.F64 ? DType.F64 : DType.F32;
    }

    /** F32, or F64 when the tensor is. */
    static Tensor wide(Tensor tensor) {
        return tensor.dtype() == DType.F64 ? tensor : tensor.cast(DType.F32);
    }

    private static Tensor rmsNorm(Tensor x, Tensor gain, double epsilon) {
        var scale = x.times(x).mean(-1).plus(epsilon).sqrt(); // [..., 1]
        return x.dividedBy(scale).times(gain.cast(x.dtype()));
    }

    private static Tensor layerNorm(List<Tensor> inputs, double epsilon) {
        var x = wide(inputs.getFirst());
        var centred = x.minus(x.mean(-1));
        var scale = centred.times(centred).mean(-1).plus(epsilon).sqrt(); // [..., 1]
        return centred.dividedBy(scale)
                .times(inputs.get(1).cast(x.dtype()))
                .plus(inputs.get(2).cast(x.dtype()));
    }

    private static Tensor crossEntropy(Tensor logits, Tensor targets) {
        var column = targets.reshape(targets.shape().followedBy(1).extents()); // [..., 1]
        var losses = logits.logSumExp(-1).minus(logits.takeAlong(column));
        return losses.reshape(targets.shape().extents());
    }

    private static Tensor rotary(List<Tensor> inputs, int heads) {
        var x = wide(inputs.getFirst());
        long sequences = x.extent(0);
        long positions = x.extent(1);
        long half = x.extent(2) / heads / 2;
        var halves = x.reshape(sequences, positions, heads, 2, half);
        var first = halves.slice(3, 0, 1); // [sequences, positions, heads, 1, half]
        var second = halves.slice(3, 1, 2);
        var cosine = inputs.get(1).cast(x.dtype()).reshape(positions, 1, 1, half);
        var sine = inputs.get(2).cast(x.dtype()).reshape(positions, 1, 1, half);
        var turnedFirst = first.times(cosine).minus(second.times(sine));
        var turnedSecond = second.times(cosine).plus(first.times(sine));
        return Tensor.concat(3, List.of(turnedFirst, turnedSecond)).reshape(sequences, positions, x.extent(2));
    }

    private static Tensor attention(Op.Attention op, List<Tensor> inputs) {
        var parts = new Op.AttentionPattern(op.heads(), op.keyValueHeads(), op.scale(), op.causal());
        var pattern = pattern(parts, wide(inputs.getFirst()), wide(inputs.get(1)));
        return mix(op.keyValueHeads(), pattern, wide(inputs.get(2)));
    }

    private static Tensor pattern(Op.AttentionPattern op, Tensor query, Tensor key) {
        var scores = AttentionParts.plainScores(query, key, op.heads(), op.keyValueHeads(), op.scale());
        var visible = op.causal() ? scores.plus(AttentionParts.causalMask(scores)) : scores;
        return visible.softmax(-1);
    }

    private static Tensor mix(int keyValueHeads, Tensor pattern, Tensor value) {
        var outputs = AttentionParts.headOutputs(pattern, value, keyValueHeads);
        var joined = outputs.permute(0, 2, 1, 3); // [sequences, queries, heads, headWidth]
        return joined.reshape(outputs.extent(0), outputs.extent(2), outputs.extent(1) * outputs.extent(3));
    }

    static Tensor activate(Op.Activation activation, Tensor x) {
        return switch (activation) {
            case SILU -> x.times(x.sigmoid());
            case GELU_TANH -> {
                var cubic = x.times(x).times(x).times(GELU_CUBIC).plus(x);
                yield x.times(0.5)
                        .times(cubic.times(Math.sqrt(2 / Math.PI)).tanh().plus(1));
            }
            case GELU_ERF -> x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1));
        };
    }
}
