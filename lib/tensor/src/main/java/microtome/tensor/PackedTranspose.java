package microtome.tensor;

import java.util.ArrayList;
import java.util.List;

/** Products with the transpose of a packed weight, which is packed in turn at first use and kept beside it. */
final class PackedTranspose {
    private PackedTranspose() {}

    /** {@code left [..., m, n] x packed [n, k]}. */
    static Tensor multiply(Op op, List<Tensor> inputs) {
        var output = ((Op.MatMul) op).output();
        var weight = inputs.get(1);
        var storage = weight.lease().storage();
        var transposed = storage.transposeAt(weight.view().offset(), () -> transposed(weight));
        var operands = new ArrayList<>(inputs);
        operands.set(1, transposed);
        return weight.engine().apply(new Op.MatMul(true, output), operands.toArray(Tensor[]::new));
    }

    private static Tensor transposed(Tensor weight) {
        var engine = weight.engine();
        return engine.outsideScopes(() -> {
            try (var plain = engine.plainTranspose(weight)) {
                return engine.pack(plain, weight.dtype());
            }
        });
    }
}
