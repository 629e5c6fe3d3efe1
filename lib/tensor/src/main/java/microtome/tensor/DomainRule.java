package microtome.tensor;

import java.util.List;

/** The shape rules of the operations that probes live on. */
final class DomainRule {
    /** Places are stored as F32, which counts to here. */
    static final long MOST_FEATURES = 1 << 24;

    /** Example numbers are stored as F64. */
    static final long MOST_EXAMPLES = 1L << 53;

    private DomainRule() {}

    static TensorType output(Op.Domain op, List<TensorType> inputs) {
        return switch (op) {
            case Op.SparseEncode encode -> sparseEncode(encode, inputs);
            case Op.IcaStep step -> icaStep(step, inputs);
            case Op.UpdateMoments moments -> moments(moments, inputs);
            case Op.Cosine cosine -> cosine(cosine, inputs);
            case Op.UpdateExamples examples -> examples(examples, inputs);
        };
    }

    static int leastInputs(Op.Domain op) {
        return switch (op) {
            case Op.SparseEncode _ -> 3;
            case Op.IcaStep _, Op.UpdateMoments _, Op.Cosine _, Op.UpdateExamples _ -> 2;
        };
    }

    static int mostInputs(Op.Domain op) {
        return switch (op) {
            case Op.SparseEncode(var choice, int _) -> choice == Op.SparseEncode.Choice.ACTIVE ? 4 : 3;
            case Op.IcaStep _, Op.UpdateMoments _, Op.Cosine _, Op.UpdateExamples _ -> 2;
        };
    }

    private static TensorType sparseEncode(Op.SparseEncode op, List<TensorType> inputs) {
        var x = matrix(op, "x", inputs.getFirst());
        ShapeRule.floating(op, x);
        var weight = matrix(op, "weight", inputs.get(1));
        long features = weight.shape().extent(0);
        if (x.shape().extent(1) != weight.shape().extent(1)) {
            throw new IllegalArgumentException(
                    "sparseEncode: x %s is %d wide, but weight %s [features, width] reads %d; x must come from the site the dictionary was trained on"
                            .formatted(
                                    x.shape(),
                                    x.shape().extent(1),
                                    weight.shape(),
                                    weight.shape().extent(1)));
        }
        for (var vector : inputs.subList(2, inputs.size())) {
            if (!ShapeRule.floating(op, vector).shape().equals(Shape.of(features))) {
                throw new IllegalArgumentException("sparseEncode: bias and threshold are %s; weight %s needs [%d] each"
                        .formatted(inputs.subList(2, inputs.size()), weight.shape(), features));
            }
        }
        boolean largest = op.choice() == Op.SparseEncode.Choice.LARGEST;
        if (op.slots() < 1 || largest && op.slots() > features || features > MOST_FEATURES) {
            throw new IllegalArgumentException(
                    "sparseEncode: %d slots for %d features; need 1 slot or more%s, and at most %d features"
                            .formatted(op.slots(), features, largest ? ", not more than features" : "", MOST_FEATURES));
        }
        var type = x.dtype() == DType.F64 ? DType.F64 : DType.F32;
        return TensorType.of(type, 2, x.shape().extent(0), op.slots());
    }

    private static TensorType icaStep(Op.IcaStep op, List<TensorType> inputs) {
        var samples = ShapeRule.floating(op, matrix(op, "samples", inputs.getFirst()));
        var unmixing = ShapeRule.floating(op, matrix(op, "unmixing", inputs.get(1)));
        long width = samples.shape().extent(1);
        if (unmixing.shape().extent(1) != width) {
            throw new IllegalArgumentException(
                    "icaStep: samples %s and unmixing %s; both must be as wide as the whitened space"
                            .formatted(samples.shape(), unmixing.shape()));
        }
        if (op.contrast() == Op.IcaStep.Contrast.LOGCOSH && !(op.alpha() >= 1 && op.alpha() <= 2)) {
            throw new IllegalArgumentException("icaStep: alpha %s; LOGCOSH needs 1 to 2".formatted(op.alpha()));
        }
        var type = samples.dtype() == DType.F64 ? DType.F64 : DType.F32;
        return TensorType.of(type, unmixing.shape().extent(0), width + 1);
    }

    private static TensorType moments(Op.UpdateMoments op, List<TensorType> inputs) {
        var rows = ShapeRule.floating(op, matrix(op, "rows", inputs.get(1)));
        long side = rows.shape().extent(1) + 1;
        if (!inputs.getFirst().equals(TensorType.of(DType.F64, side, side))) {
            throw new IllegalArgumentException("moments: rows %s for a state of %s; start with Moments.none(engine, %d)"
                    .formatted(rows.shape(), inputs.getFirst(), side - 1));
        }
        return inputs.getFirst();
    }

    private static TensorType cosine(Op.Cosine op, List<TensorType> inputs) {
        var x = ShapeRule.floating(op, matrix(op, "x", inputs.getFirst()));
        var y = matrix(op, "y", inputs.get(1));
        if (x.dtype() != y.dtype() || x.shape().extent(1) != y.shape().extent(1)) {
            throw new IllegalArgumentException(
                    "cosine: x %s and y %s; rows must have one width and one type".formatted(x, y));
        }
        var type = x.dtype() == DType.F64 ? DType.F64 : DType.F32;
        return TensorType.of(type, x.shape().extent(0), y.shape().extent(0));
    }

    private static TensorType examples(Op.UpdateExamples op, List<TensorType> inputs) {
        var state = inputs.getFirst();
        var activations = ShapeRule.floating(op, matrix(op, "activations", inputs.get(1)));
        long features = activations.shape().extent(1);
        long rows = activations.shape().extent(0);
        boolean fits = state.dtype() == DType.F64
                && state.shape().rank() == 3
                && state.shape().extent(0) == 2
                && state.shape().extent(1) == features
                && state.shape().extent(2) > 0;
        if (!fits) {
            throw new IllegalArgumentException(
                    "examples: activations %s for a state of %s; start with Examples.none(engine, %d, slots)"
                            .formatted(activations.shape(), state, features));
        }
        if (op.first() < 0 || op.first() > MOST_EXAMPLES - rows) {
            throw new IllegalArgumentException(
                    "examples: %d rows from example %d on; numbers go from 0 to 2^53".formatted(rows, op.first()));
        }
        return state;
    }

    private static TensorType matrix(Op op, String name, TensorType type) {
        if (type.shape().rank() != 2 || type.dtype() == DType.I32) {
            throw new IllegalArgumentException(
                    "%s: %s is %s; it must have two axes and a floating type".formatted(op.label(), name, type));
        }
        return type;
    }
}
