package microtome.tensor;

import java.util.ArrayList;
import java.util.List;

/** What comes out of an operation, or an error that says what was given and what is allowed. */
final class ShapeRule {
    private ShapeRule() {}

    /** The type of the result of {@code op} on inputs of these types. */
    static TensorType output(Op op, List<TensorType> inputs) {
        requireCount(op, inputs);
        return switch (op) {
            case Op.Fill(double value, var type) -> filled(op, value, type);
            case Op.Cast(var to) -> cast(inputs.getFirst(), to);
            case Op.Reshape(var to) -> reshape(inputs.getFirst(), to);
            case Op.Permute(var axes) -> permute(plain(op, inputs.getFirst()), axes);
            case Op.Broadcast(var to) -> broadcast(plain(op, inputs.getFirst()), to);
            case Op.Slice(int axis, long from, long to) -> slice(inputs.getFirst(), axis, from, to);
            case Op.Concat(int axis) -> concat(inputs, axis);
            case Op.Gather() -> gather(inputs.getFirst(), inputs.get(1));
            case Op.Pad pad -> SelectionRule.pad(pad, filled(op, pad.value(), plain(op, inputs.getFirst())));
            case Op.ScatterAdd() -> SelectionRule.scatterAdd(inputs);
            case Op.Where() -> SelectionRule.where(inputs);
            case Op.TopK(int count) -> SelectionRule.topK(floating(op, inputs.getFirst()), count);
            case Op.Unary(var function) -> unary(op, function, inputs.getFirst());
            case Op.Binary(var function) -> binary(op, function, inputs.getFirst(), inputs.get(1));
            case Op.Reduce(var kind, int axis) -> reduce(op, kind, inputs.getFirst(), axis);
            case Op.Softmax(int axis) -> softmax(op, floating(op, inputs.getFirst()), axis);
            case Op.MatMul matMul -> ProductRule.matMul(matMul, inputs);
            case Op.RmsNorm(float _, var output) -> rmsNorm(op, inputs.getFirst(), inputs.get(1), output);
            case Op.Rotary(int heads) -> ProductRule.rotary(inputs, heads);
            case Op.Attention attention -> ProductRule.attention(attention, inputs);
            case Op.AttentionPattern pattern -> ProductRule.pattern(pattern, inputs);
            case Op.AttentionMix mix -> ProductRule.mix(mix, inputs);
            case Op.GatedActivation(var _, var output) -> gated(op, inputs.getFirst(), inputs.get(1), output);
            case Op.LayerNorm layerNorm -> layerNorm(layerNorm, inputs);
            case Op.Domain domain -> DomainRule.output(domain, inputs);
            case Op.CrossEntropy() -> SelectionRule.crossEntropy(floating(op, inputs.getFirst()), inputs.get(1));
            case Op.Gradient gradient -> FusedGradientRule.output(gradient, inputs);
        };
    }

    private static void requireCount(Op op, List<TensorType> inputs) {
        int least = switch (op) {
            case Op.Fill _ -> 0;
            case Op.Cast _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Concat _ -> 1;
            case Op.Unary _, Op.Reduce _, Op.Softmax _, Op.Pad _, Op.TopK _ -> 1;
            case Op.AttentionPattern _, Op.AttentionMix _ -> 2;
            case Op.Gather _, Op.Binary _, Op.MatMul _, Op.RmsNorm _, Op.GatedActivation _, Op.CrossEntropy _ -> 2;
            case Op.Rotary _, Op.Attention _, Op.ScatterAdd _, Op.Where _, Op.LayerNorm _ -> 3;
            case Op.Gradient gradient -> FusedGradientRule.inputs(gradient);
            case Op.Domain domain -> DomainRule.leastInputs(domain);
        };
        int most = switch (op) {
            case Op.Concat _ -> Integer.MAX_VALUE;
            case Op.MatMul _ -> 3;
            case Op.Domain domain -> DomainRule.mostInputs(domain);
            default -> least;
        };
        if (inputs.size() < least || inputs.size() > most) {
            throw new IllegalArgumentException(
                    "%s: %d inputs given, it takes %s".formatted(op.label(), inputs.size(), allowed(least, most)));
        }
    }

    private static String allowed(int least, int most) {
        if (most == Integer.MAX_VALUE) {
            return "at least " + least;
        }
        return least == most ? Integer.toString(least) : least + " or " + most;
    }

    static TensorType floating(Op op, TensorType input) {
        if (!input.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "%s: %s is not floating point; cast it to F32 first".formatted(op.label(), input));
        }
        return input;
    }

    private static TensorType plain(Op op, TensorType input) {
        if (input.dtype().isBlocked()) {
            throw new IllegalArgumentException(
                    "%s: %s is stored in blocks; cast it to F32 or BF16 first".formatted(op.label(), input));
        }
        return input;
    }

    static DType floatingOutput(Op op, DType output) {
        if (!output.isFloating()) {
            throw new IllegalArgumentException("%s: output type %s is not floating point; give F32, BF16, F16 or F64"
                    .formatted(op.label(), output));
        }
        return output;
    }

    /** The type, when it can hold the value that is to be written. */
    private static TensorType filled(Op op, double value, TensorType type) {
        if (type.dtype().isBlocked()) {
            throw new IllegalArgumentException(
                    "%s: %s is stored in blocks, which are only read; use F32 or BF16".formatted(op.label(), type));
        }
        if (type.dtype() == DType.I32 && (int) value != value) {
            throw new IllegalArgumentException("%s: %s is not a whole number from %d to %d, which I32 needs; use F32"
                    .formatted(op.label(), value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return type;
    }

    private static TensorType cast(TensorType input, DType to) {
        if (to.isBlocked() && to != input.dtype()) {
            throw new IllegalArgumentException(
                    "cast: %s cannot become %s; block types are only read".formatted(input, to));
        }
        if (input.dtype().isBlocked() && to == DType.I32) {
            throw new IllegalArgumentException("cast: %s cannot become I32; cast it to F32 first".formatted(input));
        }
        return new TensorType(to, input.shape());
    }

    private static TensorType reshape(TensorType input, Shape to) {
        if (input.shape().elements() != to.elements()) {
            throw new IllegalArgumentException("reshape: %s has %d elements but %s has %d"
                    .formatted(input.shape(), input.shape().elements(), to, to.elements()));
        }
        return TensorType.stored("reshape", input.dtype(), to);
    }

    private static TensorType permute(TensorType input, List<Integer> axes) {
        int rank = input.shape().rank();
        var extents = new long[rank];
        var seen = new boolean[rank];
        boolean valid = axes.size() == rank;
        for (int i = 0; valid && i < rank; i++) {
            int axis = axes.get(i);
            valid = axis >= 0 && axis < rank && !seen[axis];
            if (valid) {
                seen[axis] = true;
                extents[i] = input.shape().extent(axis);
            }
        }
        if (!valid) {
            throw new IllegalArgumentException("permute: axes %s of %s; every axis of 0..%d must be named once"
                    .formatted(axes, input.shape(), rank - 1));
        }
        return TensorType.of(input.dtype(), extents);
    }

    private static TensorType broadcast(TensorType input, Shape to) {
        var common = Shape.broadcast("broadcast", input.shape(), to);
        if (!common.equals(to)) {
            throw new IllegalArgumentException(
                    "broadcast: %s does not fit into %s; only axes of extent 1 and missing leading axes repeat"
                            .formatted(input.shape(), to));
        }
        return new TensorType(input.dtype(), to);
    }

    private static TensorType slice(TensorType input, int axis, long from, long to) {
        int index = input.shape().axis("slice", axis);
        long extent = input.shape().extent(index);
        if (from < 0 || from > to || to > extent) {
            throw new IllegalArgumentException("slice: %d..%d of axis %d in %s; need 0 <= from <= to <= %d"
                    .formatted(from, to, axis, input.shape(), extent));
        }
        if (input.dtype().isBlocked()
                && (index == input.shape().rank() - 1 || !input.shape().isOutermost(index))) {
            throw new IllegalArgumentException(
                    "slice: axis %d of %s, which is stored in blocks; slice the outermost axis, or cast to F32 first"
                            .formatted(axis, input));
        }
        return new TensorType(input.dtype(), input.shape().with(index, to - from));
    }

    private static TensorType concat(List<TensorType> inputs, int axis) {
        var first = plain(new Op.Concat(axis), inputs.getFirst());
        int index = first.shape().axis("concat", axis);
        long extent = 0;
        for (var input : inputs) {
            if (input.dtype() != first.dtype()
                    || input.shape().rank() != first.shape().rank()
                    || !input.shape().with(index, 0).equals(first.shape().with(index, 0))) {
                throw new IllegalArgumentException(
                        "concat: %s and %s along axis %d; type and all other extents must be equal"
                                .formatted(first, input, axis));
            }
            extent = Math.addExact(extent, input.shape().extent(index));
        }
        return new TensorType(first.dtype(), first.shape().with(index, extent));
    }

    private static TensorType gather(TensorType table, TensorType indices) {
        if (table.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "gather: the table is %s; it must be [rows, width], reshape it first".formatted(table));
        }
        if (indices.dtype() != DType.I32) {
            throw new IllegalArgumentException(
                    "gather: the indices are %s; make them with engine.indices(...) or cast to I32".formatted(indices));
        }
        var extents = new ArrayList<Long>();
        for (long extent : indices.shape().extents()) {
            extents.add(extent);
        }
        extents.add(table.shape().extent(1));
        var shape = Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
        return new TensorType(table.dtype().isBlocked() ? DType.F32 : table.dtype(), shape);
    }

    private static TensorType binary(Op op, Op.Binary.Function function, TensorType left, TensorType right) {
        if (left.dtype() != right.dtype()) {
            throw new IllegalArgumentException(
                    "%s: %s and %s; both sides need one type, cast one of them".formatted(op.label(), left, right));
        }
        if (left.dtype() != DType.I32 || function == Op.Binary.Function.DIVIDE) {
            floating(op, left);
        }
        return new TensorType(left.dtype(), Shape.broadcast(op.label(), left.shape(), right.shape()));
    }

    private static TensorType unary(Op op, Op.Unary.Function function, TensorType input) {
        boolean whole = switch (function) {
            case NEGATE, ABS, SIGN -> input.dtype() == DType.I32;
            case EXP, LOG, SQRT, RECIPROCAL, TANH, ERF, SIN, COS, SIGMOID -> false;
        };
        return whole ? input : floating(op, input);
    }

    private static TensorType reduce(Op op, Op.Reduce.Kind kind, TensorType input, int axis) {
        if (input.dtype() != DType.I32 || kind == Op.Reduce.Kind.LOGSUMEXP) {
            floating(op, input);
        }
        return new TensorType(input.dtype(), input.shape().with(input.shape().axis(op.label(), axis), 1));
    }

    private static TensorType softmax(Op op, TensorType input, int axis) {
        input.shape().axis(op.label(), axis);
        return input;
    }

    private static TensorType rmsNorm(Op op, TensorType input, TensorType gain, DType output) {
        floating(op, input);
        floating(op, gain);
        int last = input.shape().axis(op.label(), -1);
        if (!gain.shape().equals(Shape.of(input.shape().extent(last)))) {
            throw new IllegalArgumentException("rmsNorm: gain %s for %s; it must be [%d]"
                    .formatted(gain.shape(), input.shape(), input.shape().extent(last)));
        }
        return new TensorType(floatingOutput(op, output), input.shape());
    }

    private static TensorType layerNorm(Op.LayerNorm op, List<TensorType> inputs) {
        var input = floating(op, inputs.getFirst());
        long width = input.shape().extent(input.shape().axis(op.label(), -1));
        for (var weight : inputs.subList(1, 3)) {
            if (!floating(op, weight).shape().equals(Shape.of(width))) {
                throw new IllegalArgumentException("layerNorm: gain %s and bias %s for %s; both must be [%d]"
                        .formatted(inputs.get(1).shape(), inputs.get(2).shape(), input.shape(), width));
            }
        }
        return new TensorType(floatingOutput(op, op.output()), input.shape());
    }

    private static TensorType gated(Op op, TensorType gate, TensorType up, DType output) {
        floating(op, gate);
        if (!gate.equals(up)) {
            throw new IllegalArgumentException(
                    "gatedActivation: gate is %s but up is %s; they must be equal".formatted(gate, up));
        }
        return new TensorType(floatingOutput(op, output), gate.shape());
    }
}
