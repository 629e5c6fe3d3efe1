package microtome.tensor.foreign;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F64;

import java.lang.foreign.MemorySegment;
import microtome.tensor.BufferRange;
import microtome.tensor.DType;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;

/** Moves bytes in, out and between buffers, on the engine's thread. */
final class Transfers {
    /** Java arrays are copied in pieces this long, each a few microseconds: they hold off the garbage collector. */
    private static final long HEAP_PIECE = 64 << 10;

    private Transfers() {}

    static void upload(Session session, MemorySegment source, NativeBuffer target, long firstByte) {
        long step = source.isNative() ? source.byteSize() : HEAP_PIECE;
        for (long at = 0; at < source.byteSize(); at += step) {
            long bytes = Math.min(step, source.byteSize() - at);
            BufferFunctions.upload(session.engine(), source.asSlice(at, bytes), target.handle(), firstByte + at, bytes);
        }
    }

    static void download(Session session, NativeBuffer source, long firstByte, MemorySegment target) {
        long step = target.isNative() ? target.byteSize() : HEAP_PIECE;
        for (long at = 0; at < target.byteSize(); at += step) {
            long bytes = Math.min(step, target.byteSize() - at);
            BufferFunctions.download(
                    session.engine(), source.handle(), firstByte + at, bytes, target.asSlice(at, bytes));
        }
    }

    /** Copies bytes as if they were elements of eight bytes, or of two where those do not fit: every type's size is even. */
    static void copy(Session session, BufferRange source, BufferRange target) {
        boolean wide = (source.firstByte() | target.firstByte() | source.bytes()) % Long.BYTES == 0;
        var type = wide ? F64 : BF16;
        var in = session.descriptors().write(0, elements(source, type));
        var out = session.descriptors().write(1, elements(target, type));
        MovementFunctions.copy(session.engine(), in, out);
    }

    private static TensorView elements(BufferRange range, DType type) {
        long first = range.firstByte() / type.blockBytes();
        return TensorView.contiguous(range.buffer(), first, TensorType.of(type, range.bytes() / type.blockBytes()));
    }

    /** Packs a weight; the native side gives back the pages of a mapped file as it reads them. */
    static void pack(Session session, TensorView weight, TensorView packed) {
        var target = (NativeBuffer) packed.buffer();
        int code = Codes.of(packed.dtype());
        long rows = weight.shape().extent(0);
        long columns = weight.shape().extent(1);
        if (!target.isCreated()) {
            session.create(target, session.packedBytes(code, rows, columns));
        }
        ProductFunctions.pack(
                session.engine(),
                session.descriptors().write(0, weight),
                session.descriptors().write(1, packed));
    }
}
