package microtome.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gradients of the inputs of an operation, written in operations so that every backend computes them and they have
 * gradients in turn. A result may still be as wide as the upstream where an input was broadcast, and in a wider type.
 */
final class GradientRule {
    private GradientRule() {}

    static Tensor[] of(Backstep step) {
        return switch (step.line().act()) {
            case Recorded.Act.Computed(var op) -> of(op, step);
            case Recorded.Act.Recomputed(var block) -> through(block, step);
        };
    }

    private static Tensor[] of(Op op, Backstep step) {
        var upstream = step.upstream();
        return switch (op) {
            case Op.Fill _, Op.TopK _ -> step.answer();
            case Op.Cast _, Op.Broadcast _ -> step.answer(() -> upstream);
            case Op.Reshape _ -> step.answer(() -> upstream.reshape(step.extents(0)));
            case Op.Permute(var axes) -> step.answer(() -> upstream.permute(inverse(axes, step.batch())));
            case Op.Slice(int axis, long from, long to) ->
                step.answer(() -> upstream.pad(
                        step.fromEnd(0, axis), from, step.type(0).shape().extent(axis) - to, 0));
            case Op.Concat(int axis) -> concat(axis, step);
            case Op.Pad(int axis, long before, long _, double _) ->
                step.answer(() -> upstream.slice(
                        step.fromEnd(0, axis),
                        before,
                        before + step.type(0).shape().extent(axis)));
            case Op.Gather() -> step.answer(() -> ofRowsTaken(step));
            case Op.ScatterAdd() -> step.answer(() -> upstream, () -> null, () -> ofRowsAdded(step));
            case Op.Where() -> where(step);
            case Op.Unary(var function) -> step.answer(() -> ElementwiseGradient.unary(function, step));
            case Op.Binary(var function) -> ElementwiseGradient.binary(function, step);
            case Op.GatedActivation(var activation, var _) -> FusedGradient.gated(activation, step);
            case Op.Reduce reduce -> step.answer(() -> RowGradient.reduce(reduce, step));
            case Op.Softmax(int axis) -> step.answer(() -> RowGradient.softmax(axis, step));
            case Op.RmsNorm(float epsilon, var _) -> FusedGradient.rmsNorm(epsilon, step);
            case Op.LayerNorm(float epsilon, var _) -> FusedGradient.layerNorm(epsilon, step);
            case Op.CrossEntropy() -> step.answer(() -> FusedGradient.crossEntropy(step));
            case Op.MatMul(boolean transposed, var _) -> ProductGradient.matMul(transposed, step);
            case Op.Rotary(int heads) -> ProductGradient.rotary(heads, step);
            case Op.Attention attention -> FusedGradient.attention(attention, step);
            case Op.Gradient _, Op.Domain _, Op.AttentionPattern _, Op.AttentionMix _ ->
                through(inputs -> Decomposition.of(op, inputs), step);
        };
    }

    /** By computing the result once more, on a tape of its own. */
    static Tensor[] through(Function<List<Tensor>, Tensor> block, Backstep step) {
        var answer = new Tensor[step.wanted().length];
        try (var tape = step.engine().tapes().open("a gradient")) {
            var inputs = step.inputs().stream().map(GradientRule::apart).toList();
            var output = block.apply(inputs);
            var places = new ArrayList<Integer>();
            for (int i = 0; i < answer.length; i++) {
                if (step.wanted()[i] && tape.knows(inputs.get(i)) && tape.knows(output)) {
                    places.add(i);
                }
            }
            var wanted = places.stream().map(inputs::get).toList();
            if (wanted.isEmpty()) {
                return answer;
            }
            var gradients = tape.freeing().backward(step.batch(), List.of(output), List.of(step.upstream()), wanted);
            for (int i = 0; i < wanted.size(); i++) {
                answer[places.get(i)] = gradients.get(i);
            }
        }
        return answer;
    }

    /** The same value as one of its own, so that a tensor that was given twice has two gradients. */
    private static Tensor apart(Tensor input) {
        return input.isPacked() ? input : input.reshape(input.shape().extents());
    }

    private static Tensor[] concat(int axis, Backstep step) {
        var gradients = new Tensor[step.wanted().length];
        long first = 0;
        for (int i = 0; i < gradients.length; i++) {
            long next = first + step.type(i).shape().extent(axis);
            gradients[i] = step.wanted()[i] ? step.upstream().slice(step.fromEnd(i, axis), first, next) : null;
            first = next;
        }
        return gradients;
    }

    private static Tensor[] where(Backstep step) {
        var upstream = step.upstream();
        Supplier<Tensor> zero = () -> step.engine().filled(0, upstream.dtype());
        return step.answer(
                () -> null,
                () -> step.input(0).where(upstream, zero.get()),
                () -> step.input(0).where(zero.get(), upstream));
    }

    private static Tensor ofRowsTaken(Backstep step) {
        var table = step.type(0).shape();
        var batch = step.batch();
        var indices = batch.rows(step.input(1), table.extent(0));
        long tables = batch.isOne() ? 1 : batch.count();
        var zeros = step.engine().filled(0, step.upstream().dtype(), tables * table.extent(0), table.extent(1));
        return zeros.scatterAdd(indices, step.upstream()).reshape(step.extents(0));
    }

    private static Tensor ofRowsAdded(Backstep step) {
        var batch = step.batch();
        var indices = batch.rows(step.input(1), step.type(0).shape().extent(0));
        return batch.joined(step.upstream()).gather(indices);
    }

    private static int[] inverse(List<Integer> axes, Batch batch) {
        int first = batch.isOne() ? 0 : 1; // the axis of a batch stays in front
        var inverse = new int[axes.size() + first];
        for (int i = 0; i < axes.size(); i++) {
            inverse[axes.get(i) + first] = i + first;
        }
        return inverse;
    }
}
