package microtome.tensor.reference;

import microtome.tensor.Availability;
import microtome.tensor.Backend;
import microtome.tensor.BackendProvider;

/** Offers the naive backend, which is always available and tried last. */
public final class ReferenceProvider implements BackendProvider {
    /** For {@link java.util.ServiceLoader}. */
    public ReferenceProvider() {}

    @Override
    public String name() {
        return ReferenceBackend.NAME;
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability availability() {
        return new Availability(ReferenceBackend.NAME, true, "plain Java, slow, for checking");
    }

    @Override
    public Backend open() {
        return new ReferenceBackend();
    }
}
