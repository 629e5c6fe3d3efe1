package microtome.tensor.reference;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import microtome.tensor.Backend;
import microtome.tensor.Buffer;
import microtome.tensor.BufferRange;
import microtome.tensor.DType;
import microtome.tensor.Device;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;

/** Computes every operation (those of probes through their decompositions) on every type by plain loops over doubles; work is done when a call returns. */
public final class ReferenceBackend implements Backend {
    static final String NAME = "reference";

    private final Set<HostBuffer> live = ConcurrentHashMap.newKeySet();

    /** Opens it; needs nothing. */
    public ReferenceBackend() {}

    @Override
    public Device device() {
        var facts = Map.of(
                "accumulation",
                "float64",
                "java",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
                "processors",
                Integer.toString(Runtime.getRuntime().availableProcessors()));
        return new Device(NAME, "plain Java loops in double precision (slow, for checking)", facts);
    }

    @Override
    public Buffer allocate(DType type, long elements) {
        var buffer = HostBuffer.allocate(type, elements);
        live.add(buffer);
        return buffer;
    }

    @Override
    public Buffer wrap(MemorySegment host, DType type, long elements) {
        return new HostBuffer(type, elements, host.asReadOnly(), null);
    }

    @Override
    public void release(Buffer buffer) {
        var host = (HostBuffer) buffer;
        if (live.remove(host)) {
            host.arena().close();
        }
    }

    @Override
    public void upload(MemorySegment source, Buffer target) {
        HostBuffer.memoryOf(target).copyFrom(source);
    }

    @Override
    public void download(BufferRange source, MemorySegment target) {
        target.copyFrom(bytes(source));
    }

    @Override
    public void copy(BufferRange source, BufferRange target) {
        bytes(target).copyFrom(bytes(source));
    }

    private static MemorySegment bytes(BufferRange range) {
        return HostBuffer.memoryOf(range.buffer()).asSlice(range.firstByte(), range.bytes());
    }

    @Override
    public TensorView pack(TensorView weight, DType type) {
        if (weight.dtype() == type) {
            return new TensorView(weight.buffer(), weight.offset(), weight.type(), weight.strides(), true);
        }
        var buffer = allocate(type, weight.shape().elements());
        var plain = TensorView.contiguous(buffer, 0, new TensorType(type, weight.shape()));
        execute(new Op.Cast(type), List.of(weight), plain);
        return new TensorView(buffer, 0, plain.type(), plain.strides(), true);
    }

    @Override
    public boolean supports(Op op, List<TensorView> inputs) {
        return !(op instanceof Op.Domain); // runs as its decomposition, which is what it is checked against
    }

    @Override
    public void execute(Op op, List<TensorView> inputs, TensorView output) {
        Values.write(output, compute(op, inputs, output.shape()));
    }

    private static double[] compute(Op op, List<TensorView> inputs, Shape output) {
        return switch (op) {
            case Op.Fill(double value, TensorType _) -> Moves.fill(value, output);
            case Op.Cast(var to) -> Values.forRoundingTo(to, Values.read(inputs.getFirst()));
            case Op.Reshape _ -> Values.read(inputs.getFirst());
            case Op.Permute(var axes) -> Moves.permute(inputs.getFirst(), axes);
            case Op.Broadcast(var to) -> Values.read(Moves.broadcast(inputs.getFirst(), to));
            case Op.Slice(int axis, long from, long to) -> Moves.slice(inputs.getFirst(), axis, from, to);
            case Op.Concat(int axis) -> Moves.concat(inputs, axis, output);
            case Op.Gather() -> Moves.gather(inputs.getFirst(), inputs.get(1));
            case Op.Pad pad -> Selections.pad(pad, inputs.getFirst(), output);
            case Op.ScatterAdd() -> Selections.scatterAdd(inputs);
            case Op.Where() -> Selections.where(inputs, output);
            case Op.TopK(int count) -> Selections.topK(inputs.getFirst(), count);
            case Op.Unary(var function) -> Elementwise.unary(function, inputs.getFirst());
            case Op.Binary(var function) -> Elementwise.binary(function, inputs.getFirst(), inputs.get(1), output);
            case Op.GatedActivation(var activation, DType _) ->
                Elementwise.gated(activation, inputs.getFirst(), inputs.get(1));
            case Op.Reduce(var kind, int axis) -> Rows.reduce(kind, inputs.getFirst(), axis);
            case Op.Softmax(int axis) -> Rows.softmax(inputs.getFirst(), axis);
            case Op.RmsNorm(float epsilon, DType _) -> Rows.rmsNorm(epsilon, inputs.getFirst(), inputs.get(1));
            case Op.LayerNorm(float epsilon, DType _) -> Rows.layerNorm(epsilon, inputs);
            case Op.CrossEntropy() -> Selections.crossEntropy(inputs.getFirst(), inputs.get(1));
            case Op.MatMul(boolean transposeRight, DType _) -> Products.matMul(transposeRight, inputs, output);
            case Op.Rotary(int heads) -> Attentions.rotary(inputs, heads);
            case Op.Attention attention -> Attentions.attention(attention, inputs);
            case Op.Gradient gradient -> Gradients.of(gradient, inputs);
            case Op.AttentionPattern pattern -> Attentions.pattern(pattern, inputs);
            case Op.AttentionMix(int keyValueHeads) -> Attentions.mix(keyValueHeads, inputs);
            case Op.Domain _ -> throw new AssertionError("the engine runs its decomposition");
        };
    }

    @Override
    public void synchronize() {
        // Work is done when a call returns.
    }

    @Override
    public void close() {
        live.forEach(this::release);
    }
}
