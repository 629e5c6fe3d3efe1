package microtome.tensor;

import java.util.stream.IntStream;

/** Gradients of matrix products and of the rotation of queries and keys. */
final class ProductGradient {
    private ProductGradient() {}

    /** With y = x W (or x Wᵀ): {@code dx = dy Wᵀ} (or {@code dy W}) and {@code dW = xᵀ dy} (or {@code dyᵀ x}). */
    static Tensor[] matMul(boolean transposed, Backstep step) {
        var upstream = step.upstream();
        return step.answer(() -> left(transposed, step), () -> right(transposed, step), () -> upstream);
    }

    /** The gradient that the left side has so far is added inside the product. */
    private static Tensor left(boolean transposed, Backstep step) {
        var right = decoded(step.input(1));
        var repeated = right.shape().rank() == 2 ? right : step.batch().repeat(right);
        var before = step.before()[0];
        if (before == null) {
            return multiply(step.upstream(), repeated, !transposed, step.type(0).dtype());
        }
        step.includes()[0] = true;
        return step.engine().apply(new Op.MatMul(!transposed, step.type(0).dtype()), step.upstream(), repeated, before);
    }

    /** The product of dyᵀ and x, in which only dy has the axis of a batch, turned when the weight is not. */
    private static Tensor right(boolean transposed, Backstep step) {
        boolean shared = step.type(1).shape().rank() == 2;
        var left = shared ? matrix(step.input(0), Batch.NONE) : step.batch().repeat(step.input(0)); // [..., m, k]
        var upstream = shared ? matrix(step.upstream(), step.batch()) : step.upstream(); // [..., m, n]
        var output = step.line().inputs().get(1).gradientType().dtype();
        if (!transposed && (!shared || step.batch().isOne())) {
            return multiply(turned(left), upstream, false, output);
        }
        var product = multiply(turned(upstream), left, false, output); // [..., n, k]
        return transposed ? product : turned(product);
    }

    private static Tensor multiply(Tensor left, Tensor right, boolean transposeRight, DType output) {
        return left.engine().apply(new Op.MatMul(transposeRight, output), left, right);
    }

    /** Block types have only one orientation. */
    private static Tensor decoded(Tensor right) {
        return right.dtype().isBlocked() ? right.cast(DType.F32) : right;
    }

    /** All leading axes as one, that of a batch apart. */
    private static Tensor matrix(Tensor tensor, Batch batch) {
        long rows = 1;
        for (int axis = batch.isOne() ? 0 : 1; axis < tensor.shape().rank() - 1; axis++) {
            rows *= tensor.extent(axis);
        }
        return tensor.reshape(batch.shape(Shape.of(rows, tensor.extent(-1))).extents());
    }

    /** The last two axes exchanged. */
    private static Tensor turned(Tensor tensor) {
        int rank = tensor.shape().rank();
        var axes = IntStream.range(0, rank).toArray();
        axes[rank - 2] = rank - 1;
        axes[rank - 1] = rank - 2;
        return tensor.permute(axes);
    }

    /** Back by the same angles. */
    static Tensor[] rotary(int heads, Backstep step) {
        return step.answer(() -> back(heads, step), () -> cosine(heads, step), () -> sine(heads, step));
    }

    private static Tensor back(int heads, Backstep step) {
        var upstream = step.upstream();
        long positions = upstream.extent(-2);
        long width = upstream.extent(-1);
        long sequences = step.type(0).shape().extent(0);
        long all = step.batch().isOne() ? sequences : sequences * step.batch().count();
        var turned = Layers.rotary(
                upstream.reshape(all, positions, width),
                heads,
                step.input(1),
                step.input(2).negate());
        return turned.reshape(step.extents(0));
    }

    /** Of y1 = x1 cos - x2 sin and y2 = x2 cos + x1 sin: {@code u1 x1 + u2 x2}. */
    private static Tensor cosine(int heads, Backstep step) {
        var upstream = halves(heads, step.upstream(), step.batch());
        var x = halves(heads, step.input(0), Batch.NONE);
        return overHeads(upstream.times(x).sum(-2), step);
    }

    /** As {@link #cosine}: {@code u2 x1 - u1 x2}. */
    private static Tensor sine(int heads, Backstep step) {
        var upstream = halves(heads, step.upstream(), step.batch());
        var x = halves(heads, step.input(0), Batch.NONE);
        var withFirst = upstream.slice(-2, 1, 2).times(x.slice(-2, 0, 1));
        var withSecond = upstream.slice(-2, 0, 1).times(x.slice(-2, 1, 2));
        return overHeads(withFirst.minus(withSecond), step);
    }

    /** {@code [..., sequences, positions, heads, 1, half]} summed to {@code [..., positions, half]}. */
    private static Tensor overHeads(Tensor products, Backstep step) {
        return products.sum(-5).sum(-3).reshape(step.extents(1));
    }

    /** {@code [..., sequences, positions, heads, 2, half]}. */
    private static Tensor halves(int heads, Tensor tensor, Batch batch) {
        var wide = Decomposition.wide(tensor);
        long width = wide.extent(-1);
        var split = Shape.of(wide.extent(-3), wide.extent(-2), heads, 2, width / heads / 2);
        return wide.reshape(batch.shape(split).extents());
    }
}
