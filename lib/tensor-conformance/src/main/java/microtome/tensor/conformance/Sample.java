package microtome.tensor.conformance;

import java.util.List;
import java.util.stream.IntStream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/**
 * An operation with inputs for it.
 *
 * @param data the inputs of the sample's type come first
 * @param indices I32 inputs that say where
 * @param order where each input of the operation stands in data followed by indices
 * @param magnitude the largest sum of absolute terms that a result is made of, which its rounding errors scale with; 0 when
 *     the result is exact
 * @param terms how many terms are summed
 */
record Sample(Op op, List<Host> data, List<Host> indices, int[] order, double magnitude, long terms) {

    static Sample exact(Op op, Host... data) {
        return new Sample(op, List.of(data), List.of(), inOrder(data.length), 0, 1);
    }

    static Sample near(Op op, double magnitude, long terms, Host... data) {
        return new Sample(op, List.of(data), List.of(), inOrder(data.length), magnitude, terms);
    }

    /** With one more input, of indices, at a place among the others. */
    Sample withIndices(Host places, int at) {
        var wanted = new int[data.size() + 1];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = i == at ? data.size() : i < at ? i : i - 1;
        }
        return new Sample(op, data, List.of(places), wanted, magnitude, terms);
    }

    private static int[] inOrder(int count) {
        return IntStream.range(0, count).toArray();
    }

    /** How an input reaches an engine. */
    interface Placement {
        Tensor on(Engine engine, Host input);
    }

    Tensor result(Engine engine, Placement placement) {
        return run(engine, op, data, placement);
    }

    /** The same operation on the same numbers in F64, where the rounding errors of other types vanish. */
    Tensor inDoubles(Engine reference) {
        var doubles = data.stream()
                .map(input -> new Host(new TensorType(DType.F64, input.type().shape()), input.values()))
                .toList();
        return run(reference, givingDoubles(), doubles, (engine, input) -> input.on(engine));
    }

    private Tensor run(Engine engine, Op operation, List<Host> numbers, Placement placement) {
        var inputs = IntStream.of(order)
                .mapToObj(at -> at < numbers.size() ? numbers.get(at) : indices.get(at - numbers.size()))
                .map(input -> placement.on(engine, input));
        return engine.apply(operation, inputs.toArray(Tensor[]::new));
    }

    private Op givingDoubles() {
        return switch (op) {
            case Op.Fill(double value, var type) -> new Op.Fill(value, new TensorType(DType.F64, type.shape()));
            case Op.Cast _ -> new Op.Cast(DType.F64);
            case Op.MatMul(boolean transposed, var _) -> new Op.MatMul(transposed, DType.F64);
            case Op.RmsNorm(float epsilon, var _) -> new Op.RmsNorm(epsilon, DType.F64);
            case Op.LayerNorm(float epsilon, var _) -> new Op.LayerNorm(epsilon, DType.F64);
            case Op.GatedActivation(var activation, var _) -> new Op.GatedActivation(activation, DType.F64);
            default -> op;
        };
    }

    @Override
    public String toString() {
        return op + " of " + data.stream().map(Host::type).toList();
    }
}
