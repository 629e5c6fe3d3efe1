package microtome.tensor;

import java.util.List;

/** The shape rules of products, attention and its rotation. */
final class ProductRule {
    private ProductRule() {}

    static TensorType matMul(Op.MatMul op, List<TensorType> inputs) {
        var left = ShapeRule.floating(op, inputs.getFirst());
        var right = inputs.get(1);
        if (right.dtype() == DType.I32) {
            ShapeRule.floating(op, right);
        }
        if (left.shape().rank() < 2 || right.shape().rank() < 2) {
            throw new IllegalArgumentException(
                    "matmul: left %s and right %s; both need at least two axes".formatted(left.shape(), right.shape()));
        }
        requireOrientation(op, right);
        long inner = left.shape().extent(-1);
        long rows = right.shape().extent(op.transposeRight() ? -1 : -2);
        if (inner != rows) {
            throw new IllegalArgumentException("matmul: left %s has %d columns but right %s has %d %s"
                    .formatted(
                            left.shape(),
                            inner,
                            right.shape(),
                            rows,
                            op.transposeRight() ? "columns (it is transposed)" : "rows"));
        }
        requireSameBatch(left.shape(), right.shape());
        var shape = left.shape().with(-1, right.shape().extent(op.transposeRight() ? -2 : -1));
        var output = new TensorType(ShapeRule.floatingOutput(op, op.output()), shape);
        if (inputs.size() == 3) {
            requireAddend(output, inputs.get(2));
        }
        return output;
    }

    /** Blocks lie along the inputs of a weight. */
    private static void requireOrientation(Op.MatMul op, TensorType right) {
        if (right.dtype().isBlocked() && !op.transposeRight()) {
            throw new IllegalArgumentException(
                    "matmul: right %s is stored in blocks along its last axis; give it as [n, k] to matmulTransposed or "
                                    .formatted(right)
                            + "Layers.linear, or cast it to F32 first");
        }
    }

    private static void requireSameBatch(Shape left, Shape right) {
        boolean same = right.rank() == 2 || right.rank() == left.rank();
        for (int axis = 0; same && right.rank() > 2 && axis < right.rank() - 2; axis++) {
            same = left.extent(axis) == right.extent(axis);
        }
        if (!same) {
            throw new IllegalArgumentException(
                    "matmul: left %s and right %s; right must have two axes, or the leading axes of left"
                            .formatted(left, right));
        }
    }

    private static void requireAddend(TensorType output, TensorType addend) {
        var bias = Shape.of(output.shape().extent(-1));
        boolean fits = addend.shape().equals(bias) || addend.shape().equals(output.shape());
        if (!fits || addend.dtype() != output.dtype()) {
            throw new IllegalArgumentException(
                    "matmul: addend is %s; it must be %s %s or %s".formatted(addend, output.dtype(), bias, output));
        }
    }

    static TensorType rotary(List<TensorType> inputs, int heads) {
        var op = new Op.Rotary(heads);
        var input = ShapeRule.floating(op, inputs.getFirst());
        long headWidth = headWidth("rotary", "x", input.shape(), heads);
        if (headWidth % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary: heads of %d values have no two halves; the width must be even".formatted(headWidth));
        }
        var angles = Shape.of(input.shape().extent(1), headWidth / 2);
        for (var table : inputs.subList(1, 3)) {
            ShapeRule.floating(op, table);
            if (!table.shape().equals(angles)) {
                throw new IllegalArgumentException("rotary: cosine and sine are %s and %s; x %s with %d heads needs %s"
                        .formatted(inputs.get(1).shape(), inputs.get(2).shape(), input.shape(), heads, angles));
            }
        }
        return input;
    }

    static TensorType attention(Op.Attention op, List<TensorType> inputs) {
        var query = ShapeRule.floating(op, inputs.getFirst());
        var key = inputs.get(1);
        var value = inputs.get(2);
        requireHeads("attention", op.heads(), op.keyValueHeads());
        long headWidth = headWidth("attention", "query", query.shape(), op.heads());
        if (key.dtype() != query.dtype() || value.dtype() != query.dtype()) {
            throw new IllegalArgumentException(
                    "attention: query %s, key %s, value %s; they need one type".formatted(query, key, value));
        }
        boolean fits = key.shape().rank() == 3
                && key.shape().equals(value.shape())
                && key.shape().extent(0) == query.shape().extent(0)
                && key.shape().extent(2) == headWidth * op.keyValueHeads();
        if (!fits) {
            throw new IllegalArgumentException(
                    "attention: query %s, key %s, value %s; key and value must be [%d, keys, %d]"
                            .formatted(
                                    query.shape(),
                                    key.shape(),
                                    value.shape(),
                                    query.shape().extent(0),
                                    headWidth * op.keyValueHeads()));
        }
        if (op.causal() && query.shape().extent(1) > key.shape().extent(1)) {
            throw new IllegalArgumentException(
                    "attention: %d queries but %d keys; causal attention needs queries <= keys"
                            .formatted(query.shape().extent(1), key.shape().extent(1)));
        }
        return query;
    }

    static TensorType pattern(Op.AttentionPattern op, List<TensorType> inputs) {
        var query = ShapeRule.floating(op, inputs.getFirst());
        var key = inputs.get(1);
        requireHeads("pattern", op.heads(), op.keyValueHeads());
        long headWidth = headWidth("pattern", "query", query.shape(), op.heads());
        boolean fits = key.dtype() == query.dtype()
                && key.shape().rank() == 3
                && key.shape().extent(0) == query.shape().extent(0)
                && key.shape().extent(2) == headWidth * op.keyValueHeads();
        if (!fits) {
            throw new IllegalArgumentException("pattern: query %s and key %s; key must be %s [%d, keys, %d]"
                    .formatted(query, key, query.dtype(), query.shape().extent(0), headWidth * op.keyValueHeads()));
        }
        long queries = query.shape().extent(1);
        long keys = key.shape().extent(1);
        if (op.causal() && queries > keys) {
            throw new IllegalArgumentException(
                    "pattern: %d queries but %d keys; causal attention needs queries <= keys".formatted(queries, keys));
        }
        var type = query.dtype() == DType.F64 ? DType.F64 : DType.F32;
        return TensorType.of(type, query.shape().extent(0), op.heads(), queries, keys);
    }

    static TensorType mix(Op.AttentionMix op, List<TensorType> inputs) {
        var pattern = ShapeRule.floating(op, inputs.getFirst()).shape();
        var value = ShapeRule.floating(op, inputs.get(1));
        requirePattern(pattern, value.shape(), op.keyValueHeads());
        long headWidth = value.shape().extent(2) / op.keyValueHeads();
        return TensorType.of(value.dtype(), pattern.extent(0), pattern.extent(2), pattern.extent(1) * headWidth);
    }

    static void requirePattern(Shape pattern, Shape value, int keyValueHeads) {
        if (pattern.rank() != 4) {
            throw new IllegalArgumentException(
                    "mix: pattern is %s; it must be [sequences, heads, queries, keys]".formatted(pattern));
        }
        requireHeads("mix", Math.toIntExact(pattern.extent(1)), keyValueHeads);
        headWidth("mix", "value", value, keyValueHeads);
        if (pattern.extent(0) != value.extent(0) || pattern.extent(3) != value.extent(1)) {
            throw new IllegalArgumentException(
                    "mix: pattern %s and value %s disagree in sequences or keys".formatted(pattern, value));
        }
    }

    static void requireHeads(String operation, int heads, int keyValueHeads) {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("%s: %d heads share %d key heads; need a positive multiple"
                    .formatted(operation, heads, keyValueHeads));
        }
    }

    static long headWidth(String operation, String name, Shape shape, int heads) {
        if (shape.rank() != 3 || heads < 1 || shape.extent(2) % heads != 0) {
            throw new IllegalArgumentException("%s: %s is %s; it must be [sequences, positions, %d heads * width]"
                    .formatted(operation, name, shape, heads));
        }
        return shape.extent(2) / heads;
    }
}
