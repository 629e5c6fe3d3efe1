package microtome.tensor.nd4j;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import microtome.tensor.Backend;
import microtome.tensor.Buffer;
import microtome.tensor.BufferRange;
import microtome.tensor.DType;
import microtome.tensor.Device;
import microtome.tensor.Op;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;

/** Computes with ND4J on the caller's thread, in host memory; work is done when a call returns. */
final class Nd4jBackend implements Backend {
    static final String NAME = "nd4j";

    private final Device device;
    private final NaiveLoops naive = new NaiveLoops();
    private final Set<Memory> live = ConcurrentHashMap.newKeySet();

    Nd4jBackend(Device device) {
        this.device = device;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Buffer allocate(DType type, long elements) {
        var memory = Memory.allocate(type, elements);
        live.add(memory);
        return memory;
    }

    /** ND4J ends the process over numbers at odd addresses, where a mapped file may have them: those are copied. */
    @Override
    public Buffer wrap(MemorySegment host, DType type, long elements) {
        boolean aligned = type.isBlocked() || host.address() % type.bytes(1) == 0;
        if (aligned) {
            return Memory.over(host.asReadOnly(), type, elements);
        }
        var copy = allocate(type, elements);
        upload(host, copy);
        return copy;
    }

    @Override
    public void release(Buffer buffer) {
        if (live.remove(Memory.of(buffer))) {
            Memory.of(buffer).release();
        }
    }

    @Override
    public void upload(MemorySegment source, Buffer target) {
        Memory.of(target).bytes().copyFrom(source);
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
        return Memory.of(range.buffer()).bytes().asSlice(range.firstByte(), range.bytes());
    }

    @Override
    public Optional<MemorySegment> share(BufferRange range) {
        var memory = Memory.of(range.buffer());
        return memory.isWrapped() ? Optional.empty() : Optional.of(memory.held(range.firstByte(), range.bytes()));
    }

    /** The plain weight in the wanted type: OpenBLAS packs by itself, at every product. */
    @Override
    public TensorView pack(TensorView weight, DType type) {
        if (weight.dtype() == type) {
            return new TensorView(weight.buffer(), weight.offset(), weight.type(), weight.strides(), true);
        }
        var buffer = allocate(type, weight.shape().elements());
        var plain = TensorView.contiguous(buffer, 0, new TensorType(type, weight.shape()));
        if (plain.shape().elements() > 0) {
            naive.run(new Op.Cast(type), List.of(weight), plain);
        }
        return new TensorView(buffer, 0, plain.type(), plain.strides(), true);
    }

    @Override
    public boolean supports(Op op, List<TensorView> inputs) {
        return Support.of(op, inputs);
    }

    @Override
    public void execute(Op op, List<TensorView> inputs, TensorView output) {
        if (Support.isExact(op, inputs)) {
            Calls.run(op, inputs, output);
        } else {
            naive.run(op, inputs, output);
        }
    }

    @Override
    public void synchronize() {
        // Nothing is ever under way.
    }

    @Override
    public void close() {
        live.forEach(this::release);
    }
}
