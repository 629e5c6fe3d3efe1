package microtome.tensor.foreign;

import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;

import java.lang.foreign.MemorySegment;
import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;

/** Turns fused gradients into calls of the C functions, on the engine's thread. */
final class GradientCalls {
    private GradientCalls() {}

    /** F32 all over, targets apart. */
    static boolean supports(Op.Gradient op, List<TensorView> inputs) {
        boolean plain = true;
        for (int i = 0; i < inputs.size(); i++) {
            boolean targets = i == 1 && op instanceof Op.Gradient.OfCrossEntropy;
            plain &= inputs.get(i).dtype() == (targets ? I32 : F32);
        }
        boolean sees = !(op instanceof Op.Gradient.OfAttention)
                || inputs.getFirst().shape().extent(1) <= inputs.get(1).shape().extent(1);
        return plain && sees;
    }

    static void run(Session session, Op.Gradient op, List<TensorView> inputs, TensorView output) {
        var engine = session.engine();
        var descriptors = session.descriptors();
        switch (op) {
            case Op.Gradient.OfSoftmax() ->
                GradientFunctions.softmaxGradient(
                        engine,
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.getLast()),
                        descriptors.write(3, output));
            case Op.Gradient.OfRmsNorm(float epsilon) ->
                GradientFunctions.rmsNormGradient(engine, epsilon, three(descriptors, inputs, output));
            case Op.Gradient.OfLayerNorm(float epsilon) ->
                GradientFunctions.layerNormGradient(engine, epsilon, three(descriptors, inputs, output));
            case Op.Gradient.OfGatedActivation(var activation) ->
                GradientFunctions.gatedActivationGradient(
                        engine, Codes.of(activation), three(descriptors, inputs, output));
            case Op.Gradient.OfCrossEntropy() ->
                GradientFunctions.crossEntropyGradient(engine, three(descriptors, inputs, output));
            case Op.Gradient.OfAttention attention -> attention(session, attention, inputs, output);
        }
    }

    private static GradientFunctions.Tensors three(
            Descriptors descriptors, List<TensorView> inputs, TensorView output) {
        return new GradientFunctions.Tensors(
                descriptors.write(0, inputs.getFirst()),
                descriptors.write(1, inputs.get(1)),
                descriptors.write(2, inputs.getLast()),
                descriptors.write(3, output));
    }

    /** The output holds the three gradients one after another; the axes of a batch become one. */
    private static void attention(
            Session session, Op.Gradient.OfAttention op, List<TensorView> inputs, TensorView output) {
        var query = inputs.getFirst();
        var key = inputs.get(1);
        var upstream = inputs.getLast();
        long each = query.shape().elements() + 2 * key.shape().elements();
        long count = each == 0 ? 0 : output.shape().elements() / each;
        var queries = counted(count, query.shape());
        var keys = counted(count, key.shape());
        var descriptors = session.descriptors();
        long first = output.offset();
        long second = first + queries.elements();
        var tensors = new GradientFunctions.AttentionTensors(
                descriptors.write(0, query),
                descriptors.write(1, key),
                descriptors.write(2, inputs.get(2)),
                window(descriptors, 3, upstream, queries, upstream.offset()),
                window(descriptors, 4, output, queries, first),
                window(descriptors, 5, output, keys, second),
                window(descriptors, 6, output, keys, second + keys.elements()));
        GradientFunctions.attentionGradient(session.engine(), op, tensors);
    }

    private static Shape counted(long count, Shape shape) {
        return Shape.of(count, shape.extent(0), shape.extent(1), shape.extent(2));
    }

    private static MemorySegment window(Descriptors descriptors, int slot, TensorView view, Shape shape, long first) {
        return descriptors.write(slot, view, shape, shape.strides(), first);
    }
}
