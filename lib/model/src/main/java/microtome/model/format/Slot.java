package microtome.model.format;

import microtome.tensor.Shape;

/** A line in the table of contents of a weight file: a tensor, and the range of bytes that holds it. */
record Slot(String name, StoredType type, Shape shape, long start, long end) {
    long bytes() {
        return end - start;
    }

    /** The same tensor, counted from so many bytes earlier. */
    Slot movedBy(long offset) {
        return new Slot(name, type, shape, start + offset, end + offset);
    }
}
