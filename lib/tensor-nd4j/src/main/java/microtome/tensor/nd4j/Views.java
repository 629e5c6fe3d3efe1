package microtome.tensor.nd4j;

import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.TensorView;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's arrays over memory that is already there. */
final class Views {
    private Views() {}

    /** An address that JavaCPP did not allocate and will not free. */
    private static final class Address extends Pointer {
        Address(long address, long bytes) {
            this.address = address;
            this.limit = bytes;
            this.capacity = bytes;
        }
    }

    /** The elements of a contiguous view, in another shape. */
    static INDArray of(TensorView view, long... extents) {
        return of(
                view,
                view.offset(),
                type(view.dtype()),
                extents,
                Shape.of(extents).strides());
    }

    /** All elements in a row. */
    static INDArray flat(TensorView view) {
        return of(view, view.shape().elements());
    }

    /** The view as it is; a scalar as one element. */
    static INDArray of(TensorView view) {
        return view.shape().rank() == 0 ? of(view, 1) : of(view, view.shape().extents());
    }

    /** Column-major {@code [rows, columns]} from an element on: the transpose of what lies there row-major. */
    static INDArray columns(TensorView view, long element, long rows, long columns) {
        return Nd4j.create(
                buffer(view, element, type(view.dtype()), rows * columns),
                new long[] {rows, columns},
                new long[] {1, rows},
                0,
                'f');
    }

    /** Elements from one on, with these extents and strides, as whole numbers of their size: for moving them unchanged. */
    static INDArray window(TensorView view, long element, long[] extents, long[] strides) {
        var bits = switch (view.dtype().blockBytes()) {
            case 2 -> DataType.INT16;
            case 4 -> DataType.INT32;
            case 8 -> DataType.INT64;
            default -> throw new AssertionError(view.dtype() + " is not moved by ND4J");
        };
        return extents.length == 0
                ? of(view, element, bits, new long[] {1}, new long[] {1})
                : of(view, element, bits, extents, strides);
    }

    private static INDArray of(TensorView view, long element, DataType type, long[] extents, long[] strides) {
        long last = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            last += (extents[axis] - 1) * strides[axis];
        }
        return Nd4j.create(buffer(view, element, type, last + 1), extents, strides, 0, 'c');
    }

    private static DataBuffer buffer(TensorView view, long element, DataType type, long elements) {
        return buffer(Memory.of(view).bytes().address() + view.dtype().bytes(element), type, elements);
    }

    /** Whoever uses the buffer keeps the memory alive. */
    static DataBuffer buffer(long address, DataType type, long elements) {
        return Nd4j.createBuffer(new Address(address, elements * type.width()), elements, type);
    }

    /** What ND4J calls a plain type. */
    static DataType type(DType type) {
        return switch (type) {
            case F32 -> DataType.FLOAT;
            case F64 -> DataType.DOUBLE;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case I32 -> DataType.INT32;
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K ->
                throw new IllegalArgumentException(
                        "toArray: %s is stored in blocks, which ND4J has no type for; cast it to F32 first"
                                .formatted(type));
        };
    }
}
