package microtome.tensor;

import java.util.Arrays;

/** The values that the gradient rule of an operation reads: inputs by their index, and the output. */
record Kept(boolean[] inputs, boolean output) {

    boolean input(int index) {
        return index < inputs.length && inputs[index];
    }

    static Kept by(Recorded.Act act, int inputs) {
        return switch (act) {
            case Recorded.Act.Computed(var op) -> by(op);
            case Recorded.Act.Recomputed _ -> {
                var all = new boolean[inputs];
                Arrays.fill(all, true);
                yield new Kept(all, false);
            }
        };
    }

    private static Kept by(Op op) {
        return switch (op) {
            case Op.Fill _, Op.Cast _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _ -> reads();
            case Op.Concat _, Op.Pad _, Op.TopK _ -> reads();
            case Op.Gather _, Op.ScatterAdd _ -> reads(false, true);
            case Op.Where _ -> reads(true);
            case Op.Unary(var function) -> by(function);
            case Op.Binary(var function) -> by(function);
            case Op.Reduce(var kind, int _) ->
                switch (kind) {
                    case SUM -> reads();
                    case MAX, LOGSUMEXP -> new Kept(new boolean[] {true}, true);
                };
            case Op.Softmax _ -> new Kept(new boolean[0], true);
            case Op.AttentionPattern _, Op.AttentionMix _ -> reads(true, true);
            case Op.MatMul _, Op.GatedActivation _, Op.RmsNorm _, Op.LayerNorm _, Op.CrossEntropy _ ->
                reads(true, true);
            case Op.Rotary _, Op.Attention _ -> reads(true, true, true);
            case Op.Gradient gradient -> {
                var all = new boolean[FusedGradientRule.inputs(gradient)];
                Arrays.fill(all, true);
                yield new Kept(all, false);
            }
            case Op.Domain _ -> reads(true, true, true, true);
        };
    }

    private static Kept by(Op.Unary.Function function) {
        return switch (function) {
            case NEGATE, SIGN -> reads();
            case ABS, LOG, ERF, SIN, COS -> reads(true);
            case EXP, SQRT, RECIPROCAL, TANH, SIGMOID -> new Kept(new boolean[0], true);
        };
    }

    private static Kept by(Op.Binary.Function function) {
        return switch (function) {
            case ADD, SUBTRACT, LESS -> reads();
            case MULTIPLY, MAXIMUM, MINIMUM -> reads(true, true);
            case DIVIDE -> new Kept(new boolean[] {false, true}, true);
        };
    }

    private static Kept reads(boolean... kept) {
        return new Kept(kept, false);
    }
}
