package microtome.tensor.nd4j;

import microtome.tensor.Availability;
import microtome.tensor.Backend;
import microtome.tensor.BackendProvider;

/**
 * Offers the backend on ND4J: after {@code cpu}, before {@code reference}. Looking whether it is available loads ND4J, which
 * takes seconds the first time, while its libraries are unpacked (400 MB) into the folder of the system property
 * {@code org.bytedeco.javacpp.cachedir}, or else {@code .javacpp/cache} in the home folder.
 */
public final class Nd4jProvider implements BackendProvider {
    private static final int PRIORITY = 50;

    /** For {@link java.util.ServiceLoader}. */
    public Nd4jProvider() {}

    @Override
    public String name() {
        return Nd4jBackend.NAME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        var library = Nd4jLibrary.instance();
        return new Availability(Nd4jBackend.NAME, library.isLoaded(), library.state());
    }

    @Override
    public Backend open() {
        return new Nd4jBackend(Nd4jLibrary.instance().device());
    }
}
