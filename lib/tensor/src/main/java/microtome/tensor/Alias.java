package microtome.tensor;

import java.util.List;

/** The operations that move nothing: their result is another view of the first input's buffer. */
final class Alias {
    private Alias() {}

    /** The view, or null when the operation has to be computed. */
    static TensorView of(Op op, List<Tensor> inputs, TensorType output) {
        return switch (op) {
            case Op.Reshape _ -> at(inputs.getFirst(), output, 0);
            case Op.Cast(var to) when to == inputs.getFirst().dtype() -> at(inputs.getFirst(), output, 0);
            case Op.Permute(var axes)
            when keepsOrder(axes, inputs.getFirst().shape()) -> at(inputs.getFirst(), output, 0);
            case Op.Broadcast(var to)
            when to.elements() == inputs.getFirst().shape().elements() -> at(inputs.getFirst(), output, 0);
            case Op.Slice(int axis, long from, long _) -> slice(inputs.getFirst(), output, axis, from);
            case Op.Concat _ when inputs.size() == 1 -> at(inputs.getFirst(), output, 0);
            default -> null;
        };
    }

    private static TensorView slice(Tensor input, TensorType output, int axis, long from) {
        int index = input.shape().axis("slice", axis);
        if (!input.shape().isOutermost(index)) {
            return null;
        }
        return at(input, output, from * input.shape().strides()[index]);
    }

    private static TensorView at(Tensor input, TensorType output, long elements) {
        return TensorView.contiguous(input.view().buffer(), input.view().offset() + elements, output);
    }

    /** Whether only axes of extent 1 change places. */
    private static boolean keepsOrder(List<Integer> axes, Shape shape) {
        int previous = -1;
        for (int axis : axes) {
            if (shape.extent(axis) != 1) {
                if (axis < previous) {
                    return false;
                }
                previous = axis;
            }
        }
        return true;
    }
}
