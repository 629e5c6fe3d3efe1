package microtome.tensor;

/**
 * How the elements of a tensor are stored. Block types keep 32 or 256 neighbours of a row together, as a GGUF file
 * does; they are read by {@code Cast} and {@code Gather}, never written.
 */
public enum DType {
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    F64(1, 8),
    I32(1, 4),
    Q4_0(32, 18),
    Q4_1(32, 20),
    Q5_0(32, 22),
    Q5_1(32, 24),
    Q8_0(32, 34),
    Q4_K(256, 144),
    Q5_K(256, 176),
    Q6_K(256, 210);

    private final int blockElements;
    private final int blockBytes;

    DType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Elements that share one block; 1 for plain types. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block; the element size for plain types. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements are stored in blocks that have to be decoded. */
    public boolean isBlocked() {
        return blockElements > 1;
    }

    /** Whether elements are plain floating point numbers, which arithmetic takes and gives. */
    public boolean isFloating() {
        return this == F32 || this == F16 || this == BF16 || this == F64;
    }

    /** Bytes that this many elements take; the count must be whole blocks. */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    "%s: %d elements are not whole blocks of %d".formatted(this, elements, blockElements));
        }
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }
}
