package microtome.tensor;

import java.util.Arrays;
import java.util.List;

/** The shape rules of operations that choose or place elements. */
final class SelectionRule {
    private SelectionRule() {}

    static TensorType pad(Op.Pad op, TensorType input) {
        int axis = input.shape().axis("pad", op.axis());
        if (op.before() < 0 || op.after() < 0) {
            throw new IllegalArgumentException(
                    "pad: %d before and %d after axis %d of %s; both must be >= 0, use slice to remove elements"
                            .formatted(op.before(), op.after(), op.axis(), input.shape()));
        }
        long extent = Math.addExact(Math.addExact(input.shape().extent(axis), op.before()), op.after());
        return new TensorType(input.dtype(), input.shape().with(axis, extent));
    }

    static TensorType scatterAdd(List<TensorType> inputs) {
        var table = inputs.getFirst();
        var indices = indices("scatterAdd", inputs.get(1));
        var updates = inputs.get(2);
        if (table.shape().rank() != 2 || table.dtype().isBlocked()) {
            throw new IllegalArgumentException(
                    "scatterAdd: the table is %s; it must be [rows, width] of a floating type or I32".formatted(table));
        }
        var needed = new TensorType(
                table.dtype(), indices.shape().followedBy(table.shape().extent(1)));
        if (!updates.equals(needed)) {
            throw new IllegalArgumentException("scatterAdd: updates are %s; table %s and indices %s need %s"
                    .formatted(updates, table, indices.shape(), needed));
        }
        return table;
    }

    static TensorType where(List<TensorType> inputs) {
        var first = inputs.get(1);
        var second = inputs.get(2);
        for (var input : inputs) {
            if (input.dtype().isBlocked()) {
                throw new IllegalArgumentException(
                        "where: %s is stored in blocks; cast it to F32 or BF16 first".formatted(input));
            }
        }
        if (first.dtype() != second.dtype()) {
            throw new IllegalArgumentException(
                    "where: %s and %s; both choices need one type, cast one of them".formatted(first, second));
        }
        var choices = Shape.broadcast("where", first.shape(), second.shape());
        return new TensorType(
                first.dtype(), Shape.broadcast("where", inputs.getFirst().shape(), choices));
    }

    static TensorType topK(TensorType input, int count) {
        long extent = input.shape().extent(input.shape().axis("topK", -1));
        if (count < 1 || count > extent) {
            throw new IllegalArgumentException(
                    "topK: %d of the last axis of %s; need 1 <= count <= %d".formatted(count, input.shape(), extent));
        }
        return new TensorType(DType.I32, input.shape().with(-1, count));
    }

    static TensorType crossEntropy(TensorType logits, TensorType targets) {
        indices("crossEntropy", targets);
        logits.shape().axis("crossEntropy", -1);
        long[] extents = logits.shape().extents();
        var rows = Shape.of(Arrays.copyOf(extents, extents.length - 1));
        if (!targets.shape().equals(rows)) {
            throw new IllegalArgumentException("crossEntropy: targets %s for logits %s; they must be %s"
                    .formatted(targets.shape(), logits.shape(), rows));
        }
        return new TensorType(logits.dtype() == DType.F64 ? DType.F64 : DType.F32, rows);
    }

    /** Places along the last axis, for {@link Tensor#takeAlong}. */
    static void requirePlaces(TensorType input, TensorType places) {
        indices("takeAlong", places);
        boolean fits = input.shape().rank() > 0
                && places.shape().rank() == input.shape().rank()
                && places.shape().with(-1, 0).equals(input.shape().with(-1, 0));
        if (!fits) {
            throw new IllegalArgumentException("takeAlong: places %s for %s; all axes but the last must be equal"
                    .formatted(places.shape(), input.shape()));
        }
    }

    private static TensorType indices(String operation, TensorType indices) {
        if (indices.dtype() != DType.I32) {
            throw new IllegalArgumentException(
                    "%s: the indices are %s; make them with engine.indices(...) or cast to I32"
                            .formatted(operation, indices));
        }
        return indices;
    }
}
