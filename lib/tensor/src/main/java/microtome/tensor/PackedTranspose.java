package microtome.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Products with the transpose of a packed weight. A packed weight cannot be read, only multiplied by: its transpose is what
 * the identity matrix times it gives (exactly, for finite weights), packed in turn and kept beside it.
 */
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
            try (var identity = identity(weight);
                    var plain = identity.matmulTransposed(weight)) { // [k, n]
                return engine.pack(plain, weight.dtype());
            }
        });
    }

    private static Tensor identity(Tensor weight) {
        int inputs = Math.toIntExact(weight.extent(1));
        var values = new float[Math.multiplyExact(inputs, inputs)];
        for (int i = 0; i < inputs; i++) {
            values[i * inputs + i] = 1;
        }
        try (var exact = weight.engine().tensor(values, inputs, inputs)) {
            return exact.cast(weight.dtype());
        }
    }
}
