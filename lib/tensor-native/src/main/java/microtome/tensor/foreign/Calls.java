package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Turns an operation into calls of the C functions, on the engine's thread. */
final class Calls {
    private Calls() {}

    static void run(Session session, Op op, List<TensorView> inputs, TensorView output) {
        var engine = session.engine();
        var descriptors = session.descriptors();
        var out = descriptors.write(3, output);
        switch (op) {
            case Op.Fill(double value, var _) -> MovementFunctions.fill(engine, value, out);
            case Op.Cast _ -> MovementFunctions.cast(engine, descriptors.write(0, inputs.getFirst()), out);
            case Op.Permute _
            when inputs.getFirst().packed() ->
                ProductFunctions.unpackTransposed(engine, descriptors.write(0, inputs.getFirst()), out);
            case Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Reshape _ ->
                MovementFunctions.copy(engine, window(descriptors, op, inputs.getFirst(), output.shape()), out);
            case Op.Concat(int axis) -> concat(session, axis, inputs, output);
            case Op.Gather() ->
                MovementFunctions.gather(
                        engine, descriptors.write(0, inputs.getFirst()), descriptors.write(1, inputs.get(1)), out);
            case Op.Pad pad -> pad(session, pad, inputs.getFirst(), output);
            case Op.ScatterAdd() -> {
                var in = three(descriptors, inputs);
                MovementFunctions.scatterAdd(engine, in[0], in[1], in[2], out);
            }
            case Op.Where() -> {
                var in = three(descriptors, inputs);
                ElementwiseFunctions.where(engine, in[0], in[1], in[2], out);
            }
            case Op.TopK _ -> RowFunctions.topK(engine, descriptors.write(0, inputs.getFirst()), out);
            case Op.LayerNorm(float epsilon, var _) -> {
                var in = three(descriptors, inputs);
                RowFunctions.layerNorm(engine, epsilon, in[0], in[1], in[2], out);
            }
            case Op.Domain domain -> DomainCalls.run(session, domain, inputs, out);
            case Op.CrossEntropy _ -> throw new AssertionError("the engine runs its decomposition");
            case Op.Unary(var function) ->
                ElementwiseFunctions.unary(engine, Codes.of(function), descriptors.write(0, inputs.getFirst()), out);
            case Op.Binary(var function) ->
                ElementwiseFunctions.binary(
                        engine,
                        Codes.of(function),
                        repeated(descriptors, 0, inputs.getFirst(), output.shape()),
                        repeated(descriptors, 1, inputs.get(1), output.shape()),
                        out);
            case Op.Reduce(var kind, int _) ->
                RowFunctions.reduce(engine, Codes.of(kind), descriptors.write(0, inputs.getFirst()), out);
            case Op.Softmax _ -> RowFunctions.softmax(engine, descriptors.write(0, inputs.getFirst()), out);
            case Op.MatMul(boolean transposeRight, var _) -> matmul(session, transposeRight, inputs, out);
            case Op.RmsNorm(float epsilon, var _) ->
                RowFunctions.rmsNorm(
                        engine,
                        epsilon,
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.get(1)),
                        out);
            case Op.Rotary(int heads) -> rotary(session, heads, inputs, out);
            case Op.Attention attention ->
                ProductFunctions.attention(engine, attention, tensors(descriptors, inputs, out));
            case Op.Gradient gradient -> GradientCalls.run(session, gradient, inputs, output);
            case Op.AttentionPattern pattern ->
                ProductFunctions.attentionPattern(
                        engine,
                        pattern,
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.get(1)),
                        out);
            case Op.AttentionMix(int keyValueHeads) ->
                ProductFunctions.attentionMix(
                        engine,
                        keyValueHeads,
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.get(1)),
                        out);
            case Op.GatedActivation(var activation, var _) ->
                ElementwiseFunctions.gatedActivation(
                        engine,
                        Codes.of(activation),
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.get(1)),
                        out);
        }
    }

    private static void matmul(Session session, boolean transposeRight, List<TensorView> inputs, MemorySegment out) {
        var descriptors = session.descriptors();
        var left = descriptors.write(0, inputs.getFirst());
        var right = descriptors.write(1, inputs.get(1));
        var addend = inputs.size() == 3 ? descriptors.write(2, inputs.get(2)) : MemorySegment.NULL;
        ProductFunctions.matmul(session.engine(), transposeRight ? 1 : 0, left, right, addend, out);
    }

    private static void rotary(Session session, int heads, List<TensorView> inputs, MemorySegment out) {
        var descriptors = session.descriptors();
        var in = descriptors.write(0, inputs.getFirst());
        var cosine = descriptors.write(1, inputs.get(1));
        var sine = descriptors.write(2, inputs.get(2));
        ProductFunctions.rotary(session.engine(), heads, in, cosine, sine, out);
    }

    private static ProductFunctions.AttentionTensors tensors(
            Descriptors descriptors, List<TensorView> inputs, MemorySegment out) {
        return new ProductFunctions.AttentionTensors(
                descriptors.write(0, inputs.getFirst()),
                descriptors.write(1, inputs.get(1)),
                descriptors.write(2, inputs.get(2)),
                MemorySegment.NULL,
                out);
    }

    /** The input as the output's shape reads it. */
    private static MemorySegment window(Descriptors descriptors, Op op, TensorView input, Shape output) {
        return switch (op) {
            case Op.Permute(var axes) -> {
                var strides = new long[axes.size()];
                for (int axis = 0; axis < strides.length; axis++) {
                    strides[axis] = input.strides()[axes.get(axis)];
                }
                yield descriptors.write(0, input, output, strides, input.offset());
            }
            case Op.Slice(int axis, long from, long _) -> {
                int index = input.shape().axis("slice", axis);
                long first = input.offset() + from * input.strides()[index];
                yield descriptors.write(0, input, output, input.strides(), first);
            }
            case Op.Reshape _ -> descriptors.write(0, input, output, output.strides(), input.offset());
            default -> repeated(descriptors, 0, input, output);
        };
    }

    /** A view that broadcasts to a shape: stride 0 where its elements repeat. */
    private static MemorySegment repeated(Descriptors descriptors, int slot, TensorView input, Shape to) {
        int added = to.rank() - input.shape().rank();
        var strides = new long[to.rank()];
        for (int axis = added; axis < strides.length; axis++) {
            strides[axis] = input.shape().extent(axis - added) == 1 ? 0 : input.strides()[axis - added];
        }
        return descriptors.write(slot, input, to, strides, input.offset());
    }

    private static MemorySegment[] three(Descriptors descriptors, List<TensorView> inputs) {
        return new MemorySegment[] {
            descriptors.write(0, inputs.getFirst()),
            descriptors.write(1, inputs.get(1)),
            descriptors.write(2, inputs.get(2))
        };
    }

    /** Fills the whole output, then copies the input into its middle. */
    private static void pad(Session session, Op.Pad pad, TensorView input, TensorView output) {
        MovementFunctions.fill(
                session.engine(), pad.value(), session.descriptors().write(3, output));
        int axis = output.shape().axis("pad", pad.axis());
        long first = output.offset() + pad.before() * output.strides()[axis];
        var in = session.descriptors().write(0, input);
        var middle = session.descriptors().write(3, output, input.shape(), output.strides(), first);
        MovementFunctions.copy(session.engine(), in, middle);
    }

    private static void concat(Session session, int axis, List<TensorView> inputs, TensorView output) {
        int index = output.shape().axis("concat", axis);
        long first = output.offset();
        for (var input : inputs) {
            var in = session.descriptors().write(0, input);
            var out = session.descriptors().write(3, output, input.shape(), output.strides(), first);
            MovementFunctions.copy(session.engine(), in, out);
            first += input.shape().extent(index) * output.strides()[index];
        }
    }
}
