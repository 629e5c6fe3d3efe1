package microtome.tensor.nd4j;

import java.util.List;
import microtome.tensor.BufferRange;
import microtome.tensor.Op;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;
import microtome.tensor.reference.ReferenceBackend;

/** The naive backend, over the same memory: for what ND4J does not have, or not exactly. */
final class NaiveLoops {
    /** It turns everything into doubles on the heap; casts, which may be of whole weights, go in pieces of whole blocks. */
    private static final long PIECE = 1 << 20;

    private final ReferenceBackend reference = new ReferenceBackend();

    void run(Op op, List<TensorView> inputs, TensorView output) {
        if (!(op instanceof Op.Cast)) {
            runWhole(op, inputs, output);
            return;
        }
        long elements = output.shape().elements();
        for (long first = 0; first < elements; first += PIECE) {
            long count = Math.min(PIECE, elements - first);
            runWhole(op, List.of(part(inputs.getFirst(), first, count)), part(output, first, count));
        }
    }

    /** Neighbouring elements of a contiguous view. */
    private static TensorView part(TensorView view, long first, long count) {
        return TensorView.contiguous(view.buffer(), view.offset() + first, TensorType.of(view.dtype(), count));
    }

    private void runWhole(Op op, List<TensorView> inputs, TensorView output) {
        long bytes = output.type().bytes();
        var result = reference.allocate(output.dtype(), output.shape().elements());
        try {
            reference.execute(
                    op, inputs.stream().map(this::shared).toList(), TensorView.contiguous(result, 0, output.type()));
            var target = Memory.of(output).bytes().asSlice(output.dtype().bytes(output.offset()), bytes);
            reference.download(new BufferRange(result, 0, bytes), target);
        } finally {
            reference.release(result);
        }
    }

    private TensorView shared(TensorView view) {
        var memory = Memory.of(view);
        var buffer = reference.wrap(memory.bytes(), memory.type(), memory.elements());
        return new TensorView(buffer, view.offset(), view.type(), view.strides(), view.packed());
    }
}
