package microtome.tensor.nd4j;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Arrays;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's arrays as tensors of any engine, and tensors as ND4J's arrays; without a copy where the layout allows. */
public final class Nd4jTensors {
    private static final Cleaner CLEANER = Cleaner.create();

    private Nd4jTensors() {}

    /**
     * The array as a tensor. They share memory, on every engine that computes in the host's memory, when the array is
     * row-major and contiguous ({@code ordering() == 'c'}, such as a new array or a slice of its first axis) and lies in no
     * workspace: then do not change the array while the tensor is used, a change would show in it; the array may become
     * unreachable. Any other layout, and an array in a workspace, is copied.
     *
     * @param array of FLOAT, DOUBLE, HALF, BFLOAT16 or INT
     * @throws IllegalArgumentException for other types, with the cast that helps
     */
    public static Tensor of(Engine engine, INDArray array) {
        var type = new TensorType(type(array), Shape.of(array.shape()));
        if (array.isEmpty()) {
            return engine.tensor(MemorySegment.ofArray(new byte[0]), type);
        }
        if (array.isAttached()) {
            return engine.tensor(bytes(array.detach().dup('c'), type), type);
        }
        return engine.wrap(bytes(isRowMajor(array, type.shape()) ? array : array.dup('c'), type), type);
    }

    /**
     * The tensor as an array. They share memory when the tensor was computed on, or copied to, an engine of the backend
     * {@code nd4j}: then do not change the array while the tensor or a view of it is used; the array stays valid when the
     * tensor is closed. From other backends, and of tensors that wrap memory of somebody else, it is a copy. Waits for the
     * device.
     *
     * @throws IllegalArgumentException for block types and packed weights; cast those to F32, keep the plain weight of these
     */
    public static INDArray toArray(Tensor tensor) {
        var type = Views.type(tensor.dtype());
        var extents = tensor.shape().extents();
        if (tensor.shape().elements() == 0) {
            return Nd4j.create(type, extents);
        }
        var shared = tensor.memory();
        if (shared.isPresent()) {
            return over(shared.get(), tensor, extents);
        }
        var copy = Nd4j.createUninitialized(type, extents);
        tensor.download(bytes(copy, tensor.type()));
        return copy;
    }

    /** An array over memory that lives at least as long as the array's own buffer. */
    private static INDArray over(MemorySegment memory, Tensor tensor, long[] extents) {
        var buffer = Views.buffer(
                memory.address(), Views.type(tensor.dtype()), tensor.shape().elements());
        CLEANER.register(buffer, () -> Reference.reachabilityFence(memory));
        return Nd4j.create(buffer, extents, tensor.shape().strides(), 0, 'c');
    }

    /** The memory of a contiguous array, which keeps the array reachable. */
    @SuppressWarnings("restricted") // the size is that of the array, and the array outlives the segment
    private static MemorySegment bytes(INDArray array, TensorType type) {
        long first = array.data().address() + type.dtype().bytes(array.offset()); // the buffer's, then the view's
        return MemorySegment.ofAddress(first)
                .reinterpret(type.bytes(), Arena.ofAuto(), _ -> Reference.reachabilityFence(array));
    }

    /** Strides count only where an axis has more than one element. */
    private static boolean isRowMajor(INDArray array, Shape shape) {
        var wanted = shape.strides();
        for (int axis = 0; axis < wanted.length; axis++) {
            if (shape.extent(axis) > 1 && array.stride(axis) != wanted[axis]) {
                return false;
            }
        }
        return true;
    }

    private static DType type(INDArray array) {
        return Arrays.stream(DType.values())
                .filter(type -> !type.isBlocked() && Views.type(type) == array.dataType())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "of: the array is %s; a tensor is FLOAT, DOUBLE, HALF, BFLOAT16 or INT; "
                                        .formatted(array.dataType())
                                + "cast it with castTo(DataType.INT)"));
    }
}
