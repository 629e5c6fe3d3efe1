package microtome.tensor;

import java.util.List;

/** The operations that probes live on, in primitives. */
final class DomainDecomposition {
    private DomainDecomposition() {}

    static Tensor of(Op.Domain op, List<Tensor> inputs) {
        return switch (op) {
            case Op.SparseEncode encode -> sparseEncode(encode, inputs);
            case Op.IcaStep step -> icaStep(step, inputs);
            case Op.Cosine _ -> cosine(Decomposition.wide(inputs.getFirst()), Decomposition.wide(inputs.get(1)));
            case Op.UpdateExamples(long first) -> examples(first, inputs.getFirst(), inputs.get(1));
            case Op.UpdateMoments _ -> moments(inputs.getFirst(), inputs.get(1));
        };
    }

    private static Tensor sparseEncode(Op.SparseEncode op, List<Tensor> inputs) {
        var x = Decomposition.wide(inputs.getFirst());
        var bias = inputs.get(2).cast(x.dtype());
        var z = x.engine().apply(new Op.MatMul(true, x.dtype()), x, inputs.get(1), bias); // [tokens, features]
        return switch (op.choice()) {
            case LARGEST -> largest(z, op.slots());
            case ACTIVE -> active(z, inputs.size() == 4 ? inputs.get(3).cast(x.dtype()) : null, op.slots());
        };
    }

    private static Tensor largest(Tensor z, int slots) {
        var zero = z.engine().filled(0, z.dtype());
        var places = z.stopGradient().topK(slots);
        return joined(places, z.takeAlong(places).maximum(zero));
    }

    /** The first active features are the largest of keys that count down, 0 where a feature is not active. */
    private static Tensor active(Tensor z, Tensor threshold, int slots) {
        var engine = z.engine();
        var zero = engine.filled(0, z.dtype());
        var limit = threshold == null ? zero : threshold.maximum(zero);
        var on = limit.less(z).plus(isNotANumber(z, limit)); // 1 or 0
        requireRoom(on, slots);
        int features = Math.toIntExact(z.extent(1));
        var keys = on.times(engine.tensor(countdown(features), features).cast(z.dtype()));
        var places = keys.topK(Math.min(slots, features));
        var used = on.takeAlong(places);
        var values = used.where(z.takeAlong(places), zero);
        var rest = slots - places.extent(1);
        return joined(places.cast(DType.F32).times(used.cast(DType.F32)).pad(1, 0, rest, 0), values.pad(1, 0, rest, 0));
    }

    /** Infinities are not less than infinity either, but they are on one side of any limit. */
    private static Tensor isNotANumber(Tensor z, Tensor limit) {
        var one = z.engine().filled(1, z.dtype());
        var finite = z.abs().less(z.engine().filled(Double.POSITIVE_INFINITY, z.dtype()));
        return one.minus(finite).times(one.minus(limit.less(z.abs())));
    }

    private static void requireRoom(Tensor on, int slots) {
        var counts = on.sum(1).toFloats();
        int fullest = 0;
        for (int token = 1; token < counts.length; token++) {
            fullest = counts[token] > counts[fullest] ? token : fullest;
        }
        if (counts.length > 0 && counts[fullest] > slots) {
            int most = (int) counts[fullest];
            throw new BackendException(
                    "sparseEncode: token %d has %d active features, but there is room for %d; allow %d or more"
                            .formatted(fullest, most, slots, most));
        }
    }

    private static Tensor icaStep(Op.IcaStep op, List<Tensor> inputs) {
        var z = Decomposition.wide(inputs.getFirst());
        var y = inputs.get(1).cast(z.dtype()).matmulTransposed(z); // [components, samples]
        var g = contrast(op, y);
        var slope = slope(op, y, g);
        long samples = z.extent(0);
        return Tensor.concat(
                1, List.of(g.matmul(z).dividedBy(samples), slope.sum(1).dividedBy(samples)));
    }

    private static Tensor contrast(Op.IcaStep op, Tensor y) {
        return switch (op.contrast()) {
            case LOGCOSH -> y.times(op.alpha()).tanh();
            case GAUSSIAN -> y.times(bell(y));
            case CUBE -> y.times(y).times(y);
        };
    }

    private static Tensor slope(Op.IcaStep op, Tensor y, Tensor g) {
        return switch (op.contrast()) {
            case LOGCOSH -> g.times(g).negate().plus(1).times(op.alpha());
            case GAUSSIAN -> y.times(y).negate().plus(1).times(bell(y));
            case CUBE -> y.times(y).times(3);
        };
    }

    private static Tensor bell(Tensor y) {
        return y.times(y).times(-0.5).exp();
    }

    /** The moments of the rows alone, merged with what was known: Chan, Golub and LeVeque 1983. */
    private static Tensor moments(Tensor state, Tensor rows) {
        var x = rows.cast(state.dtype());
        long more = x.extent(0);
        if (more == 0) {
            return state.reshape(state.shape().extents());
        }
        long side = state.extent(0);
        var count = state.slice(0, 0, 1).slice(1, 0, 1); // [1, 1]
        var mean = state.slice(0, 0, 1).slice(1, 1, side); // [1, width]
        var scatter = state.slice(0, 1, side).slice(1, 1, side);
        var own = x.mean(0);
        var centred = x.minus(own);
        var total = count.plus(more);
        var way = own.minus(mean);
        var turned = centred.permute(1, 0);
        var between = way.permute(1, 0).matmul(way).times(count.times(more).dividedBy(total));
        var next = scatter.plus(turned.matmul(centred)).plus(between);
        var top = Tensor.concat(
                1, List.of(total, mean.plus(way.times(total.reciprocal().times(more)))));
        return Tensor.concat(0, List.of(top, next.pad(1, 1, 0, 0)));
    }

    private static Tensor cosine(Tensor x, Tensor y) {
        return unit(x).matmulTransposed(unit(y));
    }

    /** Rows of length 1; a row of zeros stays. */
    private static Tensor unit(Tensor rows) {
        var zero = rows.engine().filled(0, rows.dtype());
        var one = rows.engine().filled(1, rows.dtype());
        var largest = rows.stopGradient().abs().max(1); // dividing by it first keeps the squares in range
        var near = rows.dividedBy(largest.where(largest, one));
        var squares = near.times(near).sum(1);
        return near.dividedBy(squares.where(squares, one).sqrt()).times(largest.where(one, zero));
    }

    /** The best of what was known and all new rows; topK takes the lowest place among equals, which came first. */
    private static Tensor examples(long first, Tensor state, Tensor activations) {
        long features = state.extent(1);
        long slots = state.extent(2);
        long rows = activations.extent(0);
        var fresh = activations.cast(state.dtype()).permute(1, 0); // [features, rows]
        var numbers = new double[Math.toIntExact(rows)];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = first + row;
        }
        var named = state.engine().tensor(numbers, 1, rows).cast(state.dtype()).broadcast(features, rows);
        var known = state.slice(0, 0, 1).reshape(features, slots);
        var values = Tensor.concat(1, List.of(known, fresh));
        var names = Tensor.concat(1, List.of(state.slice(0, 1, 2).reshape(features, slots), named));
        var places = values.topK(Math.toIntExact(slots));
        return Tensor.concat(0, List.of(plane(values.takeAlong(places)), plane(names.takeAlong(places))));
    }

    private static float[] countdown(int count) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = count - i;
        }
        return numbers;
    }

    private static Tensor joined(Tensor places, Tensor values) {
        var numbers = places.cast(DType.F32).cast(values.dtype());
        return Tensor.concat(0, List.of(plane(numbers), plane(values)));
    }

    private static Tensor plane(Tensor matrix) {
        return matrix.reshape(1, matrix.extent(0), matrix.extent(1));
    }
}
