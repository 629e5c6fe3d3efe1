package microtome.model.format;

import java.lang.foreign.MemorySegment;
import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;

/**
 * A tensor as it lies in a weight file: little-endian, row-major, at any alignment. The bytes are a read-only view of
 * the mapped file, which stays mapped as long as the view is reachable.
 *
 * @param shape outermost axis first, whatever order the file uses
 */
public record StoredTensor(String name, StoredType storedType, Shape shape, MemorySegment bytes) {

    /** Checks that the bytes are as many as type and shape need. */
    public StoredTensor {
        long needed = storedType.bytes(shape);
        if (bytes.byteSize() != needed) {
            throw new IllegalArgumentException("tensor '%s': %s %s takes %d bytes, got %d"
                    .formatted(name, storedType, shape, needed, bytes.byteSize()));
        }
    }

    /** Type and shape for the tensor runtime; fails for the types that can only be read raw. */
    public TensorType type() {
        DType dtype = storedType
                .dtype()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "tensor '%s' is stored as %s, of which only the raw bytes can be read; types to compute with: %s"
                                .formatted(name, storedType, StoredType.computable())));
        return new TensorType(dtype, shape);
    }

    /**
     * Gives the memory pages of this tensor back to the system once its values live elsewhere. They come back from the
     * file when the bytes are touched again.
     */
    public void unload() {
        if (bytes.isMapped() && bytes.byteSize() > 0) {
            bytes.unload();
        }
    }

    @Override
    public String toString() {
        return name + ": " + storedType + " " + shape;
    }
}
