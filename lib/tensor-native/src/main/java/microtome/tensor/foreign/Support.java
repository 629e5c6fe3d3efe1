package microtome.tensor.foreign;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static microtome.tensor.DType.I32;

import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.TensorView;

/** Which operations on which types the header promises. */
final class Support {
    private Support() {}

    static boolean of(Op op, List<TensorView> inputs) {
        return switch (op) {
            case Op.Fill _ -> true;
            case Op.Cast(var to) -> cast(inputs.getFirst().dtype(), to);
            case Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Concat _ -> true;
            case Op.Gather _, Op.Pad _ -> true;
            case Op.ScatterAdd() ->
                inputs.getFirst().dtype() == F32 || inputs.getFirst().dtype() == I32;
            case Op.Where() -> isOneShape(inputs);
            case Op.TopK _ -> inputs.getFirst().dtype() == F32;
            case Op.LayerNorm(float _, var output) ->
                computes(output)
                        && computes(inputs.getFirst().dtype())
                        && inputs.get(1).dtype() == F32
                        && inputs.get(2).dtype() == F32;
            case Op.Domain domain -> DomainSupport.of(domain, inputs);
            case Op.CrossEntropy _ -> false;
            case Op.Unary _, Op.Binary _ ->
                computes(inputs.getFirst().dtype()) || inputs.getFirst().dtype() == I32;
            case Op.Reduce(var _, int axis) ->
                isLast(axis, inputs)
                        && (computes(inputs.getFirst().dtype())
                                || inputs.getFirst().dtype() == I32);
            case Op.Softmax(int axis) ->
                isLast(axis, inputs) && computes(inputs.getFirst().dtype());
            case Op.MatMul(boolean transposeRight, var output) ->
                computes(output) && product(inputs.getFirst(), inputs.get(1), transposeRight);
            case Op.RmsNorm(float _, var output) ->
                computes(output)
                        && computes(inputs.getFirst().dtype())
                        && inputs.get(1).dtype() == F32;
            case Op.Rotary _ ->
                computes(inputs.getFirst().dtype())
                        && inputs.get(1).dtype() == F32
                        && inputs.get(2).dtype() == F32;
            case Op.Attention _, Op.AttentionPattern _ ->
                computes(inputs.getFirst().dtype())
                        && inputs.getFirst().shape().extent(1)
                                <= inputs.get(1).shape().extent(1);
            case Op.Gradient gradient -> GradientCalls.supports(gradient, inputs);
            case Op.AttentionMix _ ->
                inputs.getFirst().dtype() == F32 && computes(inputs.get(1).dtype());
            case Op.GatedActivation(var _, var output) ->
                computes(output) && computes(inputs.getFirst().dtype());
        };
    }

    private static boolean computes(DType type) {
        return type == F32 || type == BF16;
    }

    private static boolean cast(DType from, DType to) {
        return computes(to) || to == F16 || to == I32 && (from == F32 || from == F64);
    }

    private static boolean product(TensorView left, TensorView right, boolean transposeRight) {
        if (left.dtype() == right.dtype()) {
            return computes(left.dtype());
        }
        if (right.packed()) {
            return left.dtype() == F32 && right.dtype() == BF16;
        }
        boolean stored = transposeRight && right.shape().rank() == 2;
        return stored
                && (left.dtype() == F32 && right.dtype() == BF16
                        || computes(left.dtype())
                                && (right.dtype() == F16 || right.dtype().isBlocked()));
    }

    private static boolean isOneShape(List<TensorView> inputs) {
        var shape = inputs.getFirst().shape();
        return inputs.stream().allMatch(input -> input.shape().equals(shape));
    }

    private static boolean isLast(int axis, List<TensorView> inputs) {
        var shape = inputs.getFirst().shape();
        return shape.axis("axis", axis) == shape.rank() - 1;
    }
}
