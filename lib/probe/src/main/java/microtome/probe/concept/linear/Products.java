package microtome.probe.concept.linear;

import microtome.tensor.Engine;

/** Where the large products of a fit are computed. The optimum does not depend on it: only the way there does. */
public sealed interface Products {
    /** In Java, in double precision. */
    Products HERE = new Here();

    /** On an engine, in F32, where there is enough to do. */
    static Products on(Engine engine) {
        return new On(engine);
    }

    /** See {@link #HERE}. */
    record Here() implements Products {}

    /**
     * See {@link #on}.
     *
     * @param engine that multiplies
     */
    record On(Engine engine) implements Products {}
}
