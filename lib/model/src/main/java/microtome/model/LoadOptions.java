package microtome.model;

/**
 * How to load a model.
 *
 * @param backend name of the backend, such as {@code cpu} or {@code reference}; empty for the best one here
 * @param precision how to compute
 */
public record LoadOptions(String backend, Precision precision) {
    /** The best backend, F32. */
    public static final LoadOptions DEFAULT = new LoadOptions("", Precision.F32);

    /** The same with another backend. */
    public LoadOptions backend(String name) {
        return new LoadOptions(name, precision);
    }

    /** The same with another precision. */
    public LoadOptions precision(Precision other) {
        return new LoadOptions(backend, other);
    }
}
