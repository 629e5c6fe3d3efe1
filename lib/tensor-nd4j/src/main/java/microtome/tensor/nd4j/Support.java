package microtome.tensor.nd4j;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static microtome.tensor.DType.I32;

import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.TensorView;

/** What this backend computes, and what of that ND4J computes as exactly as the operation asks. */
final class Support {
    private Support() {}

    /** Narrow types go through F32, so that only the result is rounded; fused operations become primitives. */
    static boolean of(Op op, List<TensorView> inputs) {
        return switch (op) {
            case Op.Fill _, Op.Cast _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Concat _ -> true;
            case Op.Pad _, Op.Gather _, Op.Where _, Op.TopK _ -> true;
            case Op.Unary _, Op.Binary _, Op.Reduce _, Op.Softmax _, Op.ScatterAdd _ ->
                inputs.getFirst().dtype() != F16 && inputs.getFirst().dtype() != BF16;
            case Op.MatMul(boolean _, var output) ->
                isWide(output) && isWide(inputs.getFirst().dtype()) && isWideOrPacked(inputs.get(1));
            case Op.RmsNorm _, Op.Rotary _, Op.Attention _, Op.AttentionPattern _, Op.AttentionMix _ -> false;
            // Its error names the class that is outside, which its decomposition cannot.
            case Op.Gradient.OfCrossEntropy _ ->
                inputs.stream().allMatch(input -> isWide(input.dtype()) || input.dtype() == I32);
            case Op.GatedActivation _, Op.LayerNorm _, Op.CrossEntropy _, Op.Gradient _, Op.Domain _ -> false;
        };
    }

    /**
     * Whether ND4J takes it. Not where it differs: its maximum and sign lose NaN, its tanh loses arguments below 1e-7, its
     * casts lose NaNs on the way to BF16 and large numbers on the way to I32, and empty arrays are a kind of their own in it.
     */
    static boolean isExact(Op op, List<TensorView> inputs) {
        if (inputs.stream().anyMatch(input -> input.shape().elements() == 0)) {
            return false;
        }
        return switch (op) {
            case Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Concat _ -> true;
            case Op.Cast(var to) -> isExactCast(inputs.getFirst().dtype(), to);
            case Op.Unary(var function) -> isWide(inputs.getFirst().dtype()) && isExact(function);
            case Op.Binary(var function) -> isWide(inputs.getFirst().dtype()) && isExact(function);
            case Op.Reduce(var kind, int _) ->
                kind == Op.Reduce.Kind.SUM && isWide(inputs.getFirst().dtype());
            case Op.Softmax _ -> true;
            case Op.MatMul(boolean _, var output) -> isProductOfOneType(inputs, output);
            case Op.Fill _, Op.Reshape _, Op.Pad _, Op.Gather _, Op.ScatterAdd _, Op.Where _, Op.TopK _ -> false;
            case Op.RmsNorm _, Op.Rotary _, Op.Attention _, Op.AttentionPattern _, Op.AttentionMix _ -> false;
            case Op.GatedActivation _, Op.LayerNorm _, Op.CrossEntropy _, Op.Gradient _, Op.Domain _ -> false;
        };
    }

    private static boolean isExactCast(DType from, DType to) {
        return isWide(to) ? !from.isBlocked() : from == F32 && to == F16;
    }

    private static boolean isExact(Op.Unary.Function function) {
        return switch (function) {
            case NEGATE, ABS, EXP, LOG, SQRT, RECIPROCAL, ERF, SIN, COS, SIGMOID -> true;
            case SIGN, TANH -> false;
        };
    }

    private static boolean isExact(Op.Binary.Function function) {
        return switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> true;
            case MAXIMUM, MINIMUM, LESS -> false;
        };
    }

    /** A packed BF16 weight is widened first. */
    private static boolean isProductOfOneType(List<TensorView> inputs, DType output) {
        var right = inputs.get(1);
        boolean widens = right.packed() && right.dtype() == BF16 && output == F32;
        return inputs.getFirst().dtype() == output && (right.dtype() == output || widens);
    }

    private static boolean isWideOrPacked(TensorView right) {
        return isWide(right.dtype()) || right.packed();
    }

    private static boolean isWide(DType type) {
        return type == F32 || type == F64;
    }
}
