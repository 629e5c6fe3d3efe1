package microtome.tensor;

/**
 * A tensor as a backend sees it: a window into a buffer.
 *
 * @param offset first element
 * @param strides distance of neighbours along each axis, in elements; 0 repeats; ignored when packed
 * @param packed whether the buffer holds the backend's own form of a weight
 */
public record TensorView(Buffer buffer, long offset, TensorType type, long[] strides, boolean packed) {

    /** A contiguous row-major view. */
    public static TensorView contiguous(Buffer buffer, long offset, TensorType type) {
        return new TensorView(buffer, offset, type, type.shape().strides(), false);
    }

    /** The shape. */
    public Shape shape() {
        return type.shape();
    }

    /** The element type. */
    public DType dtype() {
        return type.dtype();
    }
}
