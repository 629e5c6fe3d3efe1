package microtome.tensor;

import java.util.stream.IntStream;

/** Gradients of matrix products and of the rotation of queries and keys. */
final class ProductGradient {
    private ProductGradient() {}

    /** With y = x W (or x Wᵀ): {@code dx = dy Wᵀ} (or {@code dy W}) and {@code dW = xᵀ dy} (or {@code dyᵀ x}). */
    static Tensor[] matMul(boolean transposed, Backstep step) {
        var upstream = step.upstream();
        return step.answer(
                () -> multiply(
                        upstream,
                        decoded(step.input(1)),
                        !transposed,
                        step.type(0).dtype()),
                () -> right(transposed, step),
                () -> upstream);
    }

    private static Tensor right(boolean transposed, Backstep step) {
        boolean shared = step.type(1).shape().rank() == 2;
        var upstream = shared ? matrix(step.upstream()) : step.upstream(); // [..., m, n]
        var left = shared ? matrix(step.input(0)) : step.input(0); // [..., m, k]
        var output = step.line().inputs().get(1).gradientType().dtype();
        return transposed
                ? multiply(turned(upstream), left, false, output)
                : multiply(turned(left), upstream, false, output);
    }

    private static Tensor multiply(Tensor left, Tensor right, boolean transposeRight, DType output) {
        return left.engine().apply(new Op.MatMul(transposeRight, output), left, right);
    }

    /** Block types have only one orientation. */
    private static Tensor decoded(Tensor right) {
        return right.dtype().isBlocked() ? right.cast(DType.F32) : right;
    }

    /** All leading axes as one. */
    private static Tensor matrix(Tensor tensor) {
        long rows = 1;
        for (int axis = 0; axis < tensor.shape().rank() - 1; axis++) {
            rows *= tensor.extent(axis);
        }
        return tensor.reshape(rows, tensor.extent(-1));
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
        return step.answer(
                () -> Layers.rotary(
                        step.upstream(), heads, step.input(1), step.input(2).negate()),
                () -> cosine(heads, step),
                () -> sine(heads, step));
    }

    /** Of y1 = x1 cos - x2 sin and y2 = x2 cos + x1 sin: {@code u1 x1 + u2 x2}. */
    private static Tensor cosine(int heads, Backstep step) {
        return overHeads(halves(heads, step.upstream())
                .times(halves(heads, step.input(0)))
                .sum(3));
    }

    /** As {@link #cosine}: {@code u2 x1 - u1 x2}. */
    private static Tensor sine(int heads, Backstep step) {
        var upstream = halves(heads, step.upstream());
        var x = halves(heads, step.input(0));
        return overHeads(upstream.slice(3, 1, 2)
                .times(x.slice(3, 0, 1))
                .minus(upstream.slice(3, 0, 1).times(x.slice(3, 1, 2))));
    }

    /** {@code [sequences, positions, heads, 1, half]} summed to {@code [positions, half]}. */
    private static Tensor overHeads(Tensor products) {
        return products.sum(0).sum(2).reshape(products.extent(1), products.extent(4));
    }

    /** {@code [sequences, positions, heads, 2, half]}. */
    private static Tensor halves(int heads, Tensor tensor) {
        var wide = Decomposition.wide(tensor);
        return wide.reshape(wide.extent(0), wide.extent(1), heads, 2, wide.extent(2) / heads / 2);
    }
}
