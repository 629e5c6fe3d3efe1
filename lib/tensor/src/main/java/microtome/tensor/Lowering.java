package microtome.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Rewrites an operation that the backend does not support on these inputs into ones that it may. */
final class Lowering {
    private Lowering() {}

    static Tensor apply(Engine engine, Op op, List<Tensor> inputs) {
        try (var scope = engine.openScope()) {
            return scope.keep(
                    switch (op) {
                        case Op.RmsNorm _,
                                Op.Rotary _,
                                Op.Attention _,
                                Op.AttentionPattern _,
                                Op.AttentionMix _,
                                Op.GatedActivation _,
                                Op.LayerNorm _ -> fusedInF32(engine, op, inputs);
                        case Op.CrossEntropy _ -> Decomposition.of(op, inputs);
                        case Op.Gradient _ ->
                            isWide(inputs) ? Decomposition.of(op, inputs) : engine.apply(op, inF32(engine, op, inputs));
                        case Op.Domain domain -> domain(engine, domain, inputs);
                        case Op.Softmax(int axis)
                        when isInner(axis, inputs) -> throughLastAxis(engine, op, axis, inputs);
                        case Op.Reduce(var _, int axis)
                        when isInner(axis, inputs) -> throughLastAxis(engine, op, axis, inputs);
                        case Op.Fill(double value, var type) -> fill(engine, value, type);
                        case Op.Cast(var to) -> castThroughF32(inputs.getFirst(), to);
                        case Op.MatMul matMul -> matMul(engine, matMul, inputs);
                        case Op.Where _ -> whereOfOneShape(engine, inputs);
                        case Op.TopK _ -> engine.apply(op, inF32(engine, op, inputs));
                        case Op.Unary _, Op.Binary _, Op.Reduce _, Op.Softmax _, Op.ScatterAdd _ ->
                            engine.apply(op, inF32(engine, op, inputs))
                                    .cast(inputs.getFirst().dtype());
                        case Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Concat _ ->
                            throw unsupported(engine, op, inputs);
                        case Op.Gather _, Op.Pad _ -> throw unsupported(engine, op, inputs);
                    });
        }
    }

    private static boolean isWide(List<Tensor> inputs) {
        return inputs.stream().allMatch(input -> widened(input) == input);
    }

    /** In F32 where the backend has the kernel, vectors first, since casting a large weight costs more; else primitives. */
    private static Tensor domain(Engine engine, Op.Domain op, List<Tensor> inputs) {
        var vectors = inputs.stream()
                .map(input -> input.shape().rank() == 1 ? widened(input) : input)
                .toList();
        var all = inputs.stream().map(Lowering::widened).toList();
        var next = vectors.equals(inputs) ? all : vectors;
        return next.equals(inputs) ? Decomposition.of(op, inputs) : engine.apply(op, next.toArray(Tensor[]::new));
    }

    private static boolean isInner(int axis, List<Tensor> inputs) {
        var shape = inputs.getFirst().shape();
        return shape.axis("lowering", axis) != shape.rank() - 1;
    }

    private static Tensor throughLastAxis(Engine engine, Op op, int axis, List<Tensor> inputs) {
        var input = inputs.getFirst();
        int last = input.shape().rank() - 1;
        var swapped = new ArrayList<>(IntStream.rangeClosed(0, last).boxed().toList());
        Collections.swap(swapped, input.shape().axis(op.label(), axis), last);
        var exchange = new Op.Permute(swapped);
        var along = switch (op) {
            case Op.Softmax _ -> new Op.Softmax(last);
            case Op.Reduce(var kind, int _) -> new Op.Reduce(kind, last);
            default -> throw new AssertionError(op);
        };
        return engine.apply(exchange, engine.apply(along, engine.apply(exchange, input)));
    }

    private static Tensor fill(Engine engine, double value, TensorType type) {
        var scalar = switch (type.dtype()) {
            case F64 -> engine.tensor(new double[] {value});
            case I32 -> engine.indices(new int[] {(int) value});
            default -> engine.tensor(new float[] {(float) value}).cast(type.dtype());
        };
        return engine.apply(new Op.Broadcast(type.shape()), scalar);
    }

    /** The same operation from F32 to F32, with one rounding after it; its decomposition when that changes nothing. */
    private static Tensor fusedInF32(Engine engine, Op op, List<Tensor> inputs) {
        var wide = inputs.stream().map(Lowering::widened).toList();
        var inner = givingF32(op);
        if (inner.equals(op) && wide.equals(inputs)) {
            return Decomposition.of(op, inputs);
        }
        var output = ShapeRule.output(op, inputs.stream().map(Tensor::type).toList());
        return engine.apply(inner, wide.toArray(Tensor[]::new)).cast(output.dtype());
    }

    private static Op givingF32(Op op) {
        return switch (op) {
            case Op.RmsNorm(float epsilon, var output) -> new Op.RmsNorm(epsilon, wide(output));
            case Op.LayerNorm(float epsilon, var output) -> new Op.LayerNorm(epsilon, wide(output));
            case Op.GatedActivation(var activation, var output) -> new Op.GatedActivation(activation, wide(output));
            default -> op;
        };
    }

    private static DType wide(DType type) {
        return type == DType.F64 ? type : DType.F32;
    }

    private static Tensor castThroughF32(Tensor input, DType to) {
        if (to == DType.F64) {
            throw new BackendException(
                    "cast: backend %s does not make F64 of %s; stay in F32, or use Engine.open(\"reference\")"
                            .formatted(input.engine().device().backend(), input.type()));
        }
        if (input.dtype() == DType.F32 || to == DType.F32) {
            throw unsupported(input.engine(), new Op.Cast(to), List.of(input));
        }
        return input.cast(DType.F32).cast(to);
    }

    private static Tensor matMul(Engine engine, Op.MatMul op, List<Tensor> inputs) {
        var widened = inputs.stream().map(Lowering::widened).toList();
        if (widened.get(0) != inputs.get(0) || widened.get(1) != inputs.get(1)) {
            var operands = new ArrayList<>(inputs);
            operands.set(0, widened.get(0));
            operands.set(1, widened.get(1));
            return engine.apply(op, operands.toArray(Tensor[]::new));
        }
        if (op.output() == DType.F32 || op.output() == DType.F64) {
            throw unsupported(engine, op, inputs);
        }
        return engine.apply(new Op.MatMul(op.transposeRight(), DType.F32), widened.toArray(Tensor[]::new))
                .cast(op.output());
    }

    /** The inputs in F32, or an error when that changes nothing. */
    private static Tensor[] inF32(Engine engine, Op op, List<Tensor> inputs) {
        var widened = inputs.stream().map(Lowering::widened).toList();
        if (widened.equals(inputs)) {
            throw unsupported(engine, op, inputs);
        }
        return widened.toArray(Tensor[]::new);
    }

    private static Tensor whereOfOneShape(Engine engine, List<Tensor> inputs) {
        var op = new Op.Where();
        var shape =
                ShapeRule.output(op, inputs.stream().map(Tensor::type).toList()).shape();
        if (inputs.stream().allMatch(input -> input.shape().equals(shape))) {
            throw unsupported(engine, op, inputs);
        }
        var repeated = inputs.stream().map(input -> input.broadcast(shape.extents()));
        return engine.apply(op, repeated.toArray(Tensor[]::new));
    }

    /** The tensor itself when it is packed, or of a type that F32 does not contain. */
    private static Tensor widened(Tensor input) {
        boolean fits = input.dtype() == DType.F16
                || input.dtype() == DType.BF16
                || input.dtype().isBlocked();
        return fits && !input.isPacked() ? input.cast(DType.F32) : input;
    }

    private static BackendException unsupported(Engine engine, Op op, List<Tensor> inputs) {
        return new BackendException(
                "%s: backend %s does not compute it on %s; cast to F32, or use Engine.open(\"reference\")"
                        .formatted(
                                op.label(),
                                engine.device().backend(),
                                inputs.stream().map(Tensor::type).toList()));
    }
}
