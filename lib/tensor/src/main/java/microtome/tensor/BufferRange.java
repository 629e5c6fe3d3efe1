package microtome.tensor;

/** Some bytes of a buffer. */
public record BufferRange(Buffer buffer, long firstByte, long bytes) {
    public BufferRange {
        long available = buffer.type().bytes(buffer.elements());
        if (firstByte < 0 || bytes < 0 || firstByte > available - bytes) {
            throw new IllegalArgumentException(
                    "bytes %d..%d of a buffer of %d bytes".formatted(firstByte, firstByte + bytes, available));
        }
    }
}
