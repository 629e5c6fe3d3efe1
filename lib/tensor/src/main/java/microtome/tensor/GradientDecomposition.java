package microtome.tensor;

import java.util.List;

/** Every fused gradient in other operations; upstreams may have a batch's axes in front, against which values broadcast. */
final class GradientDecomposition {
    private GradientDecomposition() {}

    static Tensor of(Op.Gradient op, List<Tensor> inputs) {
        var first = Decomposition.wide(inputs.getFirst());
        var upstream = Decomposition.wide(inputs.getLast()).cast(first.dtype());
        return switch (op) {
            case Op.Gradient.OfSoftmax() -> softmax(first, upstream);
            case Op.Gradient.OfRmsNorm(float epsilon) -> {
                var norm = rootMeanSquare(first, epsilon);
                var weighted = upstream.times(inputs.get(1).cast(first.dtype()));
                yield across(norm, weighted).dividedBy(norm.scale());
            }
            case Op.Gradient.OfLayerNorm(float epsilon) -> {
                var norm = centred(first, epsilon);
                var weighted = upstream.times(inputs.get(1).cast(first.dtype()));
                yield across(norm, weighted).minus(weighted.mean(-1)).dividedBy(norm.scale());
            }
            case Op.Gradient.OfGatedActivation(var activation) -> {
                var up = Decomposition.wide(inputs.get(1));
                var ofGate = upstream.times(up).times(ElementwiseGradient.slope(activation, first));
                var ofUp = upstream.times(Decomposition.activate(activation, first));
                yield Tensor.concat(0, List.of(one(ofGate), one(ofUp)));
            }
            case Op.Gradient.OfCrossEntropy() -> crossEntropy(first, inputs.get(1), upstream);
            case Op.Gradient.OfAttention attention -> attention(attention, inputs, upstream);
        };
    }

    /** A row divided by its scale, {@code [..., width]} and {@code [..., 1]}. */
    record Normed(Tensor normed, Tensor scale) {}

    static Normed rootMeanSquare(Tensor input, double epsilon) {
        var x = Decomposition.wide(input);
        var scale = x.times(x).mean(-1).plus(epsilon).sqrt();
        return new Normed(x.dividedBy(scale), scale);
    }

    static Normed centred(Tensor input, double epsilon) {
        var x = Decomposition.wide(input);
        var centred = x.minus(x.mean(-1));
        var scale = centred.times(centred).mean(-1).plus(epsilon).sqrt();
        return new Normed(centred.dividedBy(scale), scale);
    }

    /** {@code u - n mean(u n)}. */
    private static Tensor across(Normed norm, Tensor weighted) {
        return weighted.minus(norm.normed().times(weighted.times(norm.normed()).mean(-1)));
    }

    private static Tensor softmax(Tensor output, Tensor upstream) {
        var weighted = upstream.times(output);
        return weighted.minus(output.times(weighted.sum(-1)));
    }

    /** {@code [1, ...]}. */
    private static Tensor one(Tensor tensor) {
        return tensor.reshape(tensor.shape().precededBy(1).extents());
    }

    /** {@code upstream * (softmax(logits) - 1 at the target)}. */
    private static Tensor crossEntropy(Tensor logits, Tensor targets, Tensor upstream) {
        var rows = upstream.shape().followedBy(1);
        var shape = upstream.shape().followedBy(logits.extent(-1));
        var factors = upstream.reshape(rows.extents()); // [..., 1]
        var spread = logits.softmax(-1).times(factors);
        var columns = targets.broadcast(upstream.shape().extents()).reshape(rows.extents());
        var places = Taking.flat(shape, columns).reshape(rows.elements());
        return spread.reshape(shape.elements(), 1)
                .scatterAdd(places, factors.negate().reshape(rows.elements(), 1))
                .reshape(shape.extents());
    }

    /** Of scores s = scale q kᵀ, pattern p and output p v: with t the softmax's, {@code dq = t k, dk = tᵀ q, dv = pᵀ u}. */
    private static Tensor attention(Op.Gradient.OfAttention op, List<Tensor> inputs, Tensor upstream) {
        long count = FusedGradientRule.count(upstream.shape(), inputs.getFirst().shape());
        var query = repeated(Decomposition.wide(inputs.getFirst()), count);
        var key = repeated(Decomposition.wide(inputs.get(1)), count);
        var value = repeated(Decomposition.wide(inputs.get(2)), count);
        var given = upstream.reshape(query.shape().extents());
        var scores = AttentionParts.plainScores(query, key, op.heads(), op.keyValueHeads(), op.scale());
        var seen = op.causal() ? scores.plus(AttentionParts.causalMask(scores)) : scores;
        var groups = new Groups(op, query, key);
        var pattern = groups.of(seen.softmax(-1)); // [groups, rows, keys]
        var upstreams = groups.rows(given); // [groups, rows, width]
        var across = upstreams.matmulTransposed(AttentionParts.byKeyHead(value, op.keyValueHeads()));
        var turned = softmax(pattern, across).times(op.scale());
        var ofQuery = groups.back(
                turned.matmul(AttentionParts.byKeyHead(key, op.keyValueHeads())), op.heads(), query.shape());
        var ofKey = groups.back(turned.permute(0, 2, 1).matmul(groups.rows(query)), op.keyValueHeads(), key.shape());
        var ofValue = groups.back(pattern.permute(0, 2, 1).matmul(upstreams), op.keyValueHeads(), key.shape());
        return Tensor.concat(0, List.of(ofQuery, ofKey, ofValue));
    }

    /** Heads that share keys and values, as the rows of one matrix. */
    private record Groups(Op.Gradient.OfAttention op, Tensor query, Tensor key) {
        long groups() {
            return query.extent(0) * op.keyValueHeads();
        }

        long rows() {
            return op.heads() / op.keyValueHeads() * query.extent(1);
        }

        Tensor of(Tensor pattern) {
            return pattern.reshape(groups(), rows(), key.extent(1));
        }

        Tensor rows(Tensor heads) {
            return AttentionParts.byKeyHead(heads, op.heads()).reshape(groups(), rows(), query.extent(2) / op.heads());
        }

        /** The elements of {@code [sequences, positions, heads * width]} in their order. */
        Tensor back(Tensor byHead, int heads, Shape shape) {
            return byHead.reshape(shape.extent(0), heads, shape.extent(1), shape.extent(2) / heads)
                    .permute(0, 2, 1, 3)
                    .reshape(shape.elements());
        }
    }

    /** {@code [count * sequences, ...]}. */
    private static Tensor repeated(Tensor stored, long count) {
        if (count == 1) {
            return stored;
        }
        var shape = stored.shape();
        return stored.broadcast(shape.precededBy(count).extents())
                .reshape(shape.with(0, count * shape.extent(0)).extents());
    }
}
