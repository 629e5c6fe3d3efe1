package microtome.tensor;

import java.util.List;

/** The operations that probes live on, in primitives. */
final class DomainDecomposition {
    private DomainDecomposition() {}

    static Tensor of(Op.Domain op, List<Tensor> inputs) {
        return switch (op) {
            case Op.SparseEncode encode -> sparseEncode(encode, inputs);
            case Op.IcaStep step -> icaStep(step, inputs);
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
