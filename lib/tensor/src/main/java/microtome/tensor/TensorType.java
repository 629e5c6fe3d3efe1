package microtome.tensor;

/** What a tensor is, without its values: element type and shape. */
public record TensorType(DType dtype, Shape shape) {

    /** A type with these extents. */
    public static TensorType of(DType dtype, long... extents) {
        return new TensorType(dtype, Shape.of(extents));
    }

    /** A type that memory can hold: the last axis of a block type is whole blocks. */
    static TensorType stored(String operation, DType dtype, Shape shape) {
        if (dtype.isBlocked() && (shape.rank() == 0 || shape.extent(-1) % dtype.blockElements() != 0)) {
            throw new IllegalArgumentException("%s: %s %s; the last axis must be whole blocks of %d"
                    .formatted(operation, dtype, shape, dtype.blockElements()));
        }
        return new TensorType(dtype, shape);
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
