package microtome.tensor.foreign;

import microtome.tensor.Availability;
import microtome.tensor.Backend;
import microtome.tensor.BackendProvider;

/**
 * Offers the native CPU backend. The library comes from the folder that the system property {@code microtome.native} or the
 * environment variable {@code MICROTOME_NATIVE} names, or else out of the jar. The system property
 * {@code microtome.threads} sets the number of threads; the default is one per available processor.
 */
public final class NativeProvider implements BackendProvider {
    private static final int PRIORITY = 100;
    private static final String THREADS = "microtome.threads";

    /** For {@link java.util.ServiceLoader}. */
    public NativeProvider() {}

    @Override
    public String name() {
        return NativeBackend.NAME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        var library = NativeLibrary.instance();
        var reason = library.isLoaded()
                ? "%s kernels from %s".formatted(EngineFunctions.activeIsa(), library.place())
                : library.place();
        return new Availability(NativeBackend.NAME, library.isLoaded(), reason);
    }

    @Override
    public Backend open() {
        return NativeBackend.open(threads(System.getProperty(THREADS)));
    }

    static int threads(String setting) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (setting == null || setting.isBlank()) {
            return processors;
        }
        try {
            int threads = Integer.parseInt(setting.strip());
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException notANumber) {
            // The message below says what is allowed.
        }
        throw new IllegalArgumentException(
                "property %s is '%s'; it must be a number of threads from 1 (%d processors here)"
                        .formatted(THREADS, setting, processors));
    }
}
