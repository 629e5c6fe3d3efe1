package microtome.tensor;

/** What a tensor is, without its values: element type and shape. */
public record TensorType(DType dtype, Shape shape) {

    /** A type with these extents. */
    public static TensorType of(DType dtype, long... extents) {
        return new TensorType(dtype, Shape.of(extents));
    }

    /** Bytes of the elements, stored contiguously. */
    public long bytes() {
        return dtype.bytes(shape.elements());
    }

    @Override
    public String toString() {
        return dtype + " " + shape;
    }
}
