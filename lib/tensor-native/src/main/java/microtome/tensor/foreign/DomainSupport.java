package microtome.tensor.foreign;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;

import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.TensorView;

/** Which of the operations that probes live on the header promises on which types. */
final class DomainSupport {
    private DomainSupport() {}

    static boolean of(Op.Domain op, List<TensorView> inputs) {
        return switch (op) {
            case Op.Cosine() -> computes(inputs.getFirst().dtype());
            case Op.UpdateMoments(), Op.UpdateExamples _ ->
                computes(inputs.get(1).dtype());
            case Op.IcaStep _ ->
                computes(inputs.getFirst().dtype()) && inputs.get(1).dtype() == F32;
            case Op.SparseEncode _ ->
                computes(inputs.getFirst().dtype())
                        && computes(inputs.get(1).dtype())
                        && inputs.subList(2, inputs.size()).stream().allMatch(input -> input.dtype() == F32);
        };
    }

    private static boolean computes(DType type) {
        return type == F32 || type == BF16;
    }
}
