package microtome.tensor;

/** A piece of device memory of one backend. Has no address that Java may read. */
public interface Buffer {
    /** The element type. */
    DType type();

    /** The number of elements. */
    long elements();
}
