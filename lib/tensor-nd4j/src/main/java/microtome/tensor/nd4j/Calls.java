package microtome.tensor.nd4j;

import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.AddOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.DivOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.SubOp;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Negative;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sin;
import org.nd4j.linalg.factory.Nd4j;

/** Hands operations to ND4J. */
final class Calls {
    private Calls() {}

    static void run(Op op, List<TensorView> inputs, TensorView output) {
        var input = inputs.getFirst();
        switch (op) {
            case Op.Permute(var axes) -> Movements.permute(input, axes, output);
            case Op.Broadcast _ -> Movements.broadcast(input, output);
            case Op.Slice(int axis, long from, long _) -> Movements.slice(input, axis, from, output);
            case Op.Concat(int axis) -> Movements.concat(inputs, axis, output);
            case Op.Cast _ -> Views.flat(output).assign(Views.flat(input));
            case Op.Unary(var function) -> unary(function, Views.flat(input), Views.flat(output));
            case Op.Binary(var function) -> binary(function, input, inputs.get(1), output);
            case Op.Reduce(var _, int axis) -> sum(input, axis, output);
            case Op.Softmax(int axis) -> softmax(input, axis, output);
            case Op.MatMul(boolean transposed, var _) -> Products.matMul(transposed, inputs, output);
            case Op.Fill _, Op.Reshape _, Op.Pad _, Op.Gather _, Op.ScatterAdd _, Op.Where _, Op.TopK _ ->
                throw new AssertionError(op + " is not for ND4J");
            case Op.RmsNorm _, Op.Rotary _, Op.Attention _, Op.AttentionPattern _, Op.AttentionMix _ ->
                throw new AssertionError(op + " is not for ND4J");
            case Op.GatedActivation _, Op.LayerNorm _, Op.CrossEntropy _, Op.Gradient _, Op.Domain _ ->
                throw new AssertionError(op + " is not for ND4J");
        }
    }

    private static void unary(Op.Unary.Function function, INDArray x, INDArray z) {
        var executioner = Nd4j.getExecutioner();
        executioner.exec(
                switch (function) {
                    case NEGATE -> new Negative(x, z);
                    case ABS -> new Abs(x, z);
                    case EXP -> new Exp(x, z);
                    case LOG -> new Log(x, z);
                    case SQRT -> new Sqrt(x, z);
                    case RECIPROCAL -> new Reciprocal(x, z);
                    case ERF -> new Erf(x, z);
                    case SIN -> new Sin(x, z);
                    case COS -> new Cos(x, z);
                    case SIGMOID -> new Sigmoid(x, z);
                    case SIGN, TANH -> throw new AssertionError(function + " is not for ND4J");
                });
    }

    /** ND4J broadcasts as the operation does. */
    private static void binary(Op.Binary.Function function, TensorView left, TensorView right, TensorView output) {
        boolean same = left.shape().equals(right.shape());
        var x = new INDArray[] {same ? Views.flat(left) : Views.of(left), same ? Views.flat(right) : Views.of(right)};
        var z = new INDArray[] {same ? Views.flat(output) : Views.of(output)};
        CustomOp call = switch (function) {
            case ADD -> new AddOp(x, z);
            case SUBTRACT -> new SubOp(x, z);
            case MULTIPLY -> new MulOp(x, z);
            case DIVIDE -> new DivOp(x, z);
            case MAXIMUM, MINIMUM, LESS -> throw new AssertionError(function + " is not for ND4J");
        };
        Nd4j.getExecutioner().exec(call);
    }

    private static void sum(TensorView input, int axis, TensorView output) {
        var around = Around.of(input.shape(), axis);
        var x = Views.of(input, around.outer, around.extent, around.inner);
        Nd4j.getExecutioner().exec(new Sum(x, Views.of(output, around.outer, 1, around.inner), true, 1));
    }

    private static void softmax(TensorView input, int axis, TensorView output) {
        var around = Around.of(input.shape(), axis);
        var x = Views.of(input, around.outer, around.extent, around.inner);
        var z = Views.of(output, around.outer, around.extent, around.inner);
        Nd4j.getExecutioner().exec((CustomOp) new SoftMax(x, z, 1));
    }

    /** A shape as an axis with everything before and after it as one axis each. */
    private record Around(long outer, long extent, long inner) {
        static Around of(Shape shape, int axis) {
            int index = shape.axis("axis", axis);
            long inner = shape.strides()[index];
            long extent = shape.extent(index);
            return new Around(shape.elements() / extent / inner, extent, inner);
        }
    }
}
