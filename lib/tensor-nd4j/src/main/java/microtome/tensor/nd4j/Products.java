package microtome.tensor.nd4j;

import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products by BLAS, which counts columns first: it gets everything transposed and computes the transpose. */
final class Products {
    private Products() {}

    static void matMul(boolean transposed, List<TensorView> inputs, TensorView output) {
        if (inputs.size() == 3) {
            Movements.broadcast(inputs.get(2), output);
        }
        var right = inputs.get(1);
        if (right.dtype() == output.dtype()) {
            multiply(transposed, inputs.getFirst(), right, output, inputs.size() == 3);
            return;
        }
        var wide = Memory.allocate(DType.F32, right.shape().elements());
        try {
            var widened = TensorView.contiguous(wide, 0, new TensorType(DType.F32, right.shape()));
            Views.flat(widened).assign(Views.flat(right));
            multiply(transposed, inputs.getFirst(), widened, output, inputs.size() == 3);
        } finally {
            wide.release();
        }
    }

    /** {@code output [rows, columns] = left [rows, inner] x right}, or added to what it holds; one matrix after another. */
    private static void multiply(
            boolean transposed, TensorView left, TensorView right, TensorView output, boolean adds) {
        long inner = left.shape().extent(-1);
        long columns = output.shape().extent(-1);
        boolean shared = right.shape().rank() == 2;
        long rows =
                shared ? output.shape().elements() / columns : output.shape().extent(-2);
        long matrices = output.shape().elements() / columns / rows;
        for (long matrix = 0; matrix < matrices; matrix++) {
            long rightAt = right.offset() + matrix * inner * columns;
            var x = Views.columns(left, left.offset() + matrix * rows * inner, inner, rows);
            var y = transposed
                    ? Views.columns(right, rightAt, inner, columns)
                    : Views.columns(right, rightAt, columns, inner);
            var z = Views.columns(output, output.offset() + matrix * rows * columns, columns, rows);
            Nd4j.gemm(y, x, z, transposed, false, 1, adds ? 1 : 0);
        }
    }
}
